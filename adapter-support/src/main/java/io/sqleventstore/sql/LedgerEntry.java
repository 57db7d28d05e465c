package io.sqleventstore.sql;

import static java.util.Objects.requireNonNull;

import io.sqleventstore.StoredEvent;
import java.util.UUID;

/** What a position of the ledger has: an event, or nothing for ever. Immutable; compared by all that it holds. */
public sealed interface LedgerEntry {
    /** {@return the position, from 1} */
    long position();

    /** {@return the id of the event or of the void; a cursor that stands here names it} */
    UUID id();

    /**
     * An event.
     *
     * @param event the event as the ledger has it
     */
    record Event(StoredEvent event) implements LedgerEntry {
        /**
         * Refuses null.
         *
         * @param event as {@link #event}
         */
        public Event {
            requireNonNull(event, "event");
        }

        @Override
        public long position() {
            return event.position();
        }

        @Override
        public UUID id() {
            return event.id();
        }
    }

    /**
     * A position that no event has or will ever have.
     *
     * @param position the position
     * @param id the void's id
     */
    record VoidEntry(long position, UUID id) implements LedgerEntry {
        /**
         * Refuses null.
         *
         * @param position as {@link #position}
         * @param id as {@link #id}
         */
        public VoidEntry {
            requireNonNull(id, "id");
        }
    }
}
