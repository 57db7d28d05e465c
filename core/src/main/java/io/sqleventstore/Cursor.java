package io.sqleventstore;

import static java.util.Objects.requireNonNull;

/**
 * How far a consumer has followed the ledger. Opaque: a tail hands it out, the consumer stores its token with its own
 * state and gives it back. It is good for the ledger it came from, whatever the selection.
 *
 * @param token at most 100 characters of ASCII
 */
public record Cursor(String token) {
    /** Before the first event. */
    public static final Cursor START = new Cursor("");

    /**
     * Checks nothing but null; {@link EventStore#tail} refuses a token that no tail made.
     *
     * @param token as {@link #token}
     */
    public Cursor {
        requireNonNull(token, "token");
    }
}
