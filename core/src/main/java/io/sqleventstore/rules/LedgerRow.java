package io.sqleventstore.rules;

import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.StoredEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is to be inserted into the ledger; the database adds position and time.
 *
 * @param id the event id
 * @param entity the entity
 * @param revision its place in the entity's history, from 1
 * @param previousId the id at {@code revision - 1}; null exactly at revision 1
 * @param name the event name
 * @param appendKey the append's key
 * @param appendIndex its place in the append, from 0
 * @param data a JSON document
 * @param metadata a JSON document or null
 */
public record LedgerRow(
        UUID id,
        Entity entity,
        long revision,
        @Nullable UUID previousId,
        String name,
        String appendKey,
        int appendIndex,
        String data,
        @Nullable String metadata) {

    /**
     * {@return the row that has become this event}
     *
     * @param event an event of any ledger
     */
    public static LedgerRow of(StoredEvent event) {
        return new LedgerRow(
                event.id(),
                event.entity(),
                event.revision(),
                event.previousId(),
                event.name(),
                event.appendKey(),
                event.appendIndex(),
                event.data(),
                event.metadata());
    }

    /** {@return the revision before this one; null exactly at revision 1} */
    public @Nullable Long priorRevision() {
        return revision == 1 ? null : revision - 1;
    }

    /**
     * {@return the entity's head once the row is stored at that position}
     *
     * @param position the position that the database gave it
     */
    public Head headAt(long position) {
        return new Head(entity, revision, id, position);
    }
}
