package io.sqleventstore.cli;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events to append as one, after whatever head each entity will have then.
 *
 * @param line where it was read, or 0
 * @param key the append key
 * @param events the events, at least one
 */
record Intent(long line, String key, List<Step> events) {
    /**
     * One of them.
     *
     * @param entity whose
     * @param event the event
     * @param revision the revision that it has to get, or null if any will do
     */
    record Step(Entity entity, NewEvent event, @Nullable Long revision) {}

    /** Copies the events. */
    Intent {
        events = List.copyOf(events);
    }

    static Intent of(String key, Entity entity, NewEvent event) {
        return new Intent(0, key, List.of(new Step(entity, event, null)));
    }

    /**
     * Appends it after the heads that are known, or else after those that a refusal tells: an entity that is not known is taken for a new
     * one.
     *
     * @param known the heads as far as they are known; before the first if not
     * @param learned is told each head that is met
     * @throws StaleAppend if an entity's head doesn't have the revision that it has to have
     */
    AppendResult appendTo(EventStore store, Function<Entity, Head> known, Consumer<Head> learned) {
        while (true) {
            try {
                AppendResult result = store.append(after(known));
                result.heads().forEach(learned);
                return result;
            } catch (StaleAppend stale) {
                Head current = stale.current();
                @Nullable Long wanted = revisionBefore(current.entity());
                if (wanted != null && wanted != current.revision()) {
                    throw stale;
                }
                learned.accept(current);
            }
        }
    }

    /** Why the store refused it, in the words of what was asked for. */
    static String reason(EventStoreException refusal) {
        return refusal instanceof StaleAppend stale
                ? "%s is at revision %d; the event was to get a revision that doesn't follow it."
                        .formatted(stale.current().entity(), stale.current().revision())
                : Objects.requireNonNull(refusal.getMessage());
    }

    /** The append after these heads; throws {@link InvalidEvent} if it is none. */
    Append after(Function<Entity, Head> heads) {
        Map<Entity, List<NewEvent>> byEntity = new LinkedHashMap<>();
        events.forEach(step -> byEntity.computeIfAbsent(step.entity(), entity -> new ArrayList<>())
                .add(step.event()));
        List<Append.Part> parts = new ArrayList<>();
        byEntity.forEach((entity, its) -> parts.add(new Append.Part(head(entity, heads.apply(entity)), its)));
        return new Append(key, parts);
    }

    /** A head that the entity doesn't have is named all the same: the store looks at the append key before it refuses it. */
    private Head head(Entity entity, Head known) {
        @Nullable Long wanted = revisionBefore(entity);
        if (wanted == null || wanted == known.revision()) {
            return known;
        }
        return wanted == 0 ? Head.beforeFirst(entity) : new Head(entity, wanted, UUID.randomUUID(), 1);
    }

    /** The revision that the entity has to have before this is appended, or null if that doesn't matter. */
    @Nullable
    Long revisionBefore(Entity entity) {
        @Nullable Long before = null;
        long index = 0;
        for (Step step : events) {
            if (step.entity().equals(entity)) {
                index++;
                @Nullable Long revision = step.revision();
                if (revision != null) {
                    before = check(entity, before, Math.max(revision, 0) - index);
                }
            }
        }
        return before;
    }

    private static Long check(Entity entity, @Nullable Long before, long now) {
        if (now < 0 || (before != null && before != now)) {
            throw new InvalidEvent(
                    "No events of " + entity + " can have these revisions; they count 1, 2, 3… along an entity.");
        }
        return now;
    }
}
