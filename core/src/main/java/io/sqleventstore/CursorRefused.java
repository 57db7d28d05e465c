package io.sqleventstore;

/**
 * A cursor doesn't fit the ledger: no tail made it, it belongs to another ledger, or the database lost the event it stands at (a
 * failover without all its data, a restored backup). A consumer has then seen what is not there any more, and has to be rebuilt.
 */
public final class CursorRefused extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With why.
     *
     * @param message why
     */
    public CursorRefused(String message) {
        super(message);
    }
}
