package io.sqleventstore;

import org.jspecify.annotations.Nullable;

/**
 * Whatever an event store refuses or can't do. A closed family, so that a {@code switch} over it is complete; whoever calls
 * the store never sees a driver's exception except as a cause. Messages hold names, keys and positions, never event data.
 */
public abstract sealed class EventStoreException extends RuntimeException
        permits AppendKeyReused,
                CursorRefused,
                EventIdReused,
                ImportRefused,
                InvalidEvent,
                LedgerDamaged,
                PositionUndecided,
                SchemaMismatch,
                StaleAppend,
                StoreFailure,
                StoreUnavailable,
                TransactionMustRestart,
                UnregisteredEvent {
    private static final long serialVersionUID = 1L;

    EventStoreException(String message) {
        super(message);
    }

    EventStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
