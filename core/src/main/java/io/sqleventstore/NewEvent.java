package io.sqleventstore;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fact that is to be stored.
 *
 * @param name the event name, registered for the entity that it is appended to
 * @param data a JSON object or array, at most {@value Limits#DOCUMENT_DEPTH} levels deep and 16 MiB of UTF-8; it is stored
 *     and returned to the byte as given
 * @param metadata the like, for what isn't part of the fact (trace ids, the user, …), or null; it doesn't count when two
 *     appends are compared
 * @param id the event's id if the client wants to choose it, else null: then the store makes a time-ordered one (UUID
 *     version 7). It doesn't count when two appends are compared.
 */
public record NewEvent(
        String name,
        String data,
        @Nullable String metadata,
        @Nullable UUID id) {
    /**
     * Checks name, data and metadata.
     *
     * @param name as {@link #name}
     * @param data as {@link #data}
     * @param metadata as {@link #metadata}
     * @param id as {@link #id}
     * @throws InvalidEvent if the name is not legal or a document is not JSON as described
     */
    public NewEvent {
        Texts.eventName(name);
        Documents.check("data", data);
        if (metadata != null) {
            Documents.check("metadata", metadata);
        }
    }

    /**
     * {@return an event without metadata whose id the store makes; throws as the constructor does}
     *
     * @param name the event name
     * @param data a JSON document, an object or array
     */
    public static NewEvent of(String name, String data) {
        return new NewEvent(name, data, null, null);
    }

    /**
     * {@return this event with that metadata; throws as the constructor does}
     *
     * @param metadata a JSON document, an object or array
     */
    public NewEvent withMetadata(String metadata) {
        return new NewEvent(name, data, requireNonNull(metadata, "metadata"), id);
    }

    /**
     * {@return this event with that id; an id is stored once in a ledger, whatever the entity ({@link EventIdReused})}
     *
     * @param id an id that no event in the ledger has
     */
    public NewEvent withId(UUID id) {
        return new NewEvent(name, data, metadata, requireNonNull(id, "id"));
    }
}
