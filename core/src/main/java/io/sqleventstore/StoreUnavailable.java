package io.sqleventstore;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached, went away in the middle, is read-only just now, or stayed too busy for every retry.
 * Repeating the same append, with its key, is always right: it is stored exactly once.
 */
public final class StoreUnavailable extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /** Whether the append may have been stored. */
    private final boolean outcomeUnknown;

    /**
     * With what happened, whether the append may have been stored, and the driver's exception.
     *
     * @param message what failed
     * @param outcomeUnknown whether the append may have been stored
     * @param cause the driver's exception, or what a later attempt of an append met whose outcome is unknown; null if there is none
     */
    public StoreUnavailable(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    /** {@return whether the append may have been stored; false means that nothing was} */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
