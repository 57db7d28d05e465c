package io.sqleventstore;

import java.util.List;

/**
 * All events of one entity as one replay found them.
 *
 * @param head the end of the history; the next event goes after it
 * @param events the events in revision order, an unmodifiable copy
 */
public record History(Head head, List<StoredEvent> events) {
    /**
     * Copies the events.
     *
     * @param head as {@link #head}
     * @param events as {@link #events}
     */
    public History {
        events = List.copyOf(events);
    }

    /** {@return the entity} */
    public Entity entity() {
        return head.entity();
    }

    /**
     * {@return an append of these events after this history; see {@link Head#append(NewEvent...)}}
     *
     * @param events the events, at least one
     */
    public Append append(NewEvent... events) {
        return head.append(events);
    }
}
