package io.sqleventstore;

import org.jspecify.annotations.Nullable;

/**
 * The database refused for a reason that has nothing to do with ordering or deduplication: a missing right, a full disk.
 * Nothing was stored, unless the message says otherwise. The cause is the driver's exception.
 */
public final class StoreFailure extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened and the driver's exception.
     *
     * @param message what failed
     * @param cause the driver's exception; null if there is none
     */
    public StoreFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
