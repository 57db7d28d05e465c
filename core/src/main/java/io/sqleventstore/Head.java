package io.sqleventstore;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The end of an entity's history as somebody saw it: what the next event of the entity points back at.
 *
 * <p>Get it from a {@link History}, from {@link EventStore#replay(Entity, java.util.function.Consumer)} or from an {@link
 * AppendResult}; a made-up revision or event id is refused when it is appended to. The position only says where the event is.
 *
 * @param entity the entity
 * @param revision the revision of its newest event; 0 before the first
 * @param eventId the id of its newest event; null exactly before the first
 * @param position the position of its newest event; 0 before the first
 */
public record Head(Entity entity, long revision, @Nullable UUID eventId, long position) {
    /**
     * Checks that the components fit each other.
     *
     * @param entity as {@link #entity}
     * @param revision as {@link #revision}
     * @param eventId as {@link #eventId}
     * @param position as {@link #position}
     * @throws InvalidEvent if they don't
     */
    public Head {
        requireNonNull(entity, "entity");
        boolean first = revision == 0 && position == 0 && eventId == null;
        if (!first && (revision < 1 || position < 1 || eventId == null)) {
            throw new InvalidEvent("No head of " + entity + " can have these values; take it from a replay.");
        }
    }

    /**
     * {@return the head of an entity that has no event yet}
     *
     * @param entity the entity
     */
    public static Head beforeFirst(Entity entity) {
        return new Head(entity, 0, null, 0);
    }

    /** {@return whether the entity has no event yet} */
    public boolean isBeforeFirst() {
        return revision == 0;
    }

    /**
     * {@return an append of these events, in this order, right after this head, under a new append key of its own} Nothing is stored before
     * the store is asked to.
     *
     * @param events the events, at least one
     * @throws InvalidEvent if there is no event or more than {@value Limits#EVENTS_PER_APPEND}
     */
    public Append append(NewEvent... events) {
        return append(List.of(events));
    }

    /**
     * As {@link #append(NewEvent...)}.
     *
     * @param events the events, at least one
     * @return the append
     */
    public Append append(List<NewEvent> events) {
        return Append.after(this, events);
    }
}
