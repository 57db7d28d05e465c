package io.sqleventstore;

import java.util.UUID;

/** An event id that the client chose is taken by another event. Nothing was stored. */
public final class EventIdReused extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /** The id that is taken. */
    private final UUID id;

    /**
     * Of the id.
     *
     * @param id the id that is taken
     */
    public EventIdReused(UUID id) {
        super("Event id " + id + " is taken; choose another, or none: then the store makes one.");
        this.id = id;
    }

    /** {@return the id} */
    public UUID id() {
        return id;
    }
}
