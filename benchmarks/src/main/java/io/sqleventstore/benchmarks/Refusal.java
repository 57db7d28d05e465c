package io.sqleventstore.benchmarks;

import java.io.Serial;

/** What is asked for is not done; the message says what to do instead. */
public final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Of what and why.
     *
     * @param message for people
     */
    public Refusal(String message) {
        super(message);
    }
}
