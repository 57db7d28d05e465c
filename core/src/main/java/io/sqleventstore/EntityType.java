package io.sqleventstore;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An entity name with event names that its entities may have: what is registered before use.
 *
 * @param name the entity name
 * @param events the event names, at least one; an unmodifiable copy, sorted
 */
public record EntityType(String name, SortedSet<String> events) {
    /**
     * Checks the names.
     *
     * @param name as {@link #name}
     * @param events as {@link #events}
     * @throws InvalidEvent if a name is not legal (see {@link Entity}) or there is no event name
     */
    public EntityType {
        Texts.entityName(name);
        events = Collections.unmodifiableSortedSet(new TreeSet<>(requireNonNull(events, "events")));
        if (events.isEmpty()) {
            throw new InvalidEvent("Entity type '" + name + "' has no event name; name at least one.");
        }
        events.forEach(Texts::eventName);
    }

    /**
     * {@return the type of that name with these event names; throws as the constructor does}
     *
     * @param name the entity name
     * @param events the event names, at least one; repeated ones count once
     */
    public static EntityType of(String name, String... events) {
        return of(name, List.of(events));
    }

    /**
     * {@return the type of that name with these event names; throws as the constructor does}
     *
     * @param name the entity name
     * @param events the event names, at least one; repeated ones count once
     */
    public static EntityType of(String name, Collection<String> events) {
        return new EntityType(name, new TreeSet<>(events));
    }
}
