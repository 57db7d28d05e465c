package io.sqleventstore;

import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Events that are to be stored whole or not at all: of one entity or of several.
 *
 * <p>The key makes a retry harmless: an append that is repeated with the same key and the same content is stored once,
 * and every call gets the original result. Without {@link #withKey} the key is a new UUID, so repeating <em>this object</em>
 * is harmless, but a restarted command, which makes a new one, is not recognised.
 *
 * @param key the append key
 * @param parts what goes after each entity's head, one part an entity, sorted by entity: that is the order in which they
 *     are stored, so that appends over the same entities never wait for each other in a circle
 */
public record Append(String key, List<Part> parts) {
    /**
     * The new events of one entity.
     *
     * @param after the head that they follow
     * @param events the events, in order, at least one; an unmodifiable copy
     */
    public record Part(Head after, List<NewEvent> events) {
        /**
         * Copies the events; throws {@link InvalidEvent} if there is none.
         *
         * @param after as {@link #after}
         * @param events as {@link #events}
         */
        public Part {
            requireNonNull(after, "after");
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new InvalidEvent("An append to " + after.entity() + " has no event; give it at least one.");
            }
        }

        /** {@return the entity} */
        public Entity entity() {
            return after.entity();
        }
    }

    /**
     * Checks the key and sorts the parts.
     *
     * @param key as {@link #key}
     * @param parts as {@link #parts}
     * @throws InvalidEvent if the key is not legal (see {@link Entity#key}), there is no part, an entity or an event id
     *     comes twice, or there are more than {@value Limits#EVENTS_PER_APPEND} events
     */
    public Append {
        Texts.appendKey(key);
        List<Part> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparing(Part::entity));
        parts = List.copyOf(sorted);
        checkParts(parts);
    }

    /** An append after one head under a new key of its own; throws as the constructor does. */
    static Append after(Head head, List<NewEvent> events) {
        return new Append(UuidCreator.getTimeOrderedEpochPlus1().toString(), List.of(new Part(head, events)));
    }

    /**
     * {@return this append under that key: choose what a retry of the same command would choose again, such as its message id}
     *
     * @param key the append key, 1 to {@value Limits#KEY_LENGTH} characters
     */
    public Append withKey(String key) {
        return new Append(key, parts);
    }

    /**
     * {@return this append and the parts of the other, as one, under this append's key; throws as the constructor does}
     *
     * @param other an append over other entities
     */
    public Append and(Append other) {
        List<Part> both = new ArrayList<>(parts);
        both.addAll(other.parts);
        return new Append(key, both);
    }

    /** {@return how many events it has} */
    public int size() {
        int size = 0;
        for (Part part : parts) {
            size += part.events().size();
        }
        return size;
    }

    private static void checkParts(List<Part> parts) {
        if (parts.isEmpty()) {
            throw new InvalidEvent("An append has no event; give it at least one.");
        }
        long events = 0;
        for (int i = 0; i < parts.size(); i++) {
            events += parts.get(i).events().size();
            if (i > 0 && parts.get(i).entity().equals(parts.get(i - 1).entity())) {
                throw new InvalidEvent(
                        parts.get(i).entity() + " comes twice in one append; put its events into one list, in order.");
            }
        }
        if (events > Limits.EVENTS_PER_APPEND) {
            throw new InvalidEvent(
                    "An append has %d events, %d are allowed; split it.".formatted(events, Limits.EVENTS_PER_APPEND));
        }
        Set<UUID> ids = new HashSet<>();
        for (Part part : parts) {
            for (NewEvent event : part.events()) {
                if (event.id() != null && !ids.add(event.id())) {
                    throw new InvalidEvent(
                            "Event id " + event.id() + " comes twice in one append; choose another, or none.");
                }
            }
        }
    }
}
