package io.sqleventstore;

import org.jspecify.annotations.Nullable;

/**
 * The caller's own transaction, which the store had joined, can't go on: the database ended it (deadlock) or its snapshot is
 * older than a conflict. Nothing was stored. Roll back and repeat the whole transaction.
 */
public final class TransactionMustRestart extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With why, and the driver's exception.
     *
     * @param message why it can't go on
     * @param cause the driver's exception; null if there is none
     */
    public TransactionMustRestart(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
