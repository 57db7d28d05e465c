package io.sqleventstore;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the store has it. It never changes.
 *
 * @param position its place in the order of the whole ledger, from 1; grows along every entity
 * @param id its id, unique in the ledger
 * @param entity the entity whose history it is part of
 * @param revision its place in the entity's history: 1, 2, 3… without a hole
 * @param previousId the id of the entity's event before it; null exactly at revision 1
 * @param name the event name
 * @param appendKey the key of the append that stored it
 * @param appendIndex its place in that append, from 0
 * @param data the JSON document, to the byte as given
 * @param metadata the JSON document, to the byte as given, or null if none was
 * @param recordedAt when the database stored it, by the database's clock, in microseconds (SQLite: milliseconds)
 */
public record StoredEvent(
        long position,
        UUID id,
        Entity entity,
        long revision,
        @Nullable UUID previousId,
        String name,
        String appendKey,
        int appendIndex,
        String data,
        @Nullable String metadata,
        Instant recordedAt) {

    /** {@return the head of the entity's history right after this event} */
    public Head head() {
        return new Head(entity, revision, id, position);
    }
}
