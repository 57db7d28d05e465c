package io.sqleventstore.rules;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoredEvent;
import java.util.List;

/**
 * What makes two appends with one key "the same" (contract DUP-1, DUP-2): the same events, by entity, name and data, in the
 * same order. Metadata, ids and the previous event don't count, since a command that is tried again has other trace ids, and
 * one that restarted has replayed its own event.
 */
public final class Sameness {
    private Sameness() {}

    /**
     * {@return whether what is stored under an append's key is that append}
     *
     * @param append the append that came with the key
     * @param stored all events stored under the key, by append index
     */
    public static boolean same(Append append, List<StoredEvent> stored) {
        if (append.size() != stored.size()) {
            return false;
        }
        int next = 0;
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                if (!same(part.entity(), event, stored.get(next++))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean same(Entity entity, NewEvent event, StoredEvent stored) {
        return stored.entity().equals(entity)
                && stored.name().equals(event.name())
                && stored.data().equals(event.data());
    }

    /**
     * {@return the result that a repeated append gets}
     *
     * @param stored all events stored under the key, by append index; at least one
     */
    public static AppendResult original(List<StoredEvent> stored) {
        return new AppendResult(
                stored.get(0).appendKey(),
                true,
                stored.stream().map(StoredEvent::head).toList());
    }
}
