package io.sqleventstore;

/** A name, key or document that no database of ours would keep as given; the message says what to change. */
public final class InvalidEvent extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With what is wrong and what to do.
     *
     * @param message what is not legal, and what is
     */
    public InvalidEvent(String message) {
        super(message);
    }
}
