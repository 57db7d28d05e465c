package io.sqleventstore.torture;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client notes down before or after a call, a line of its file. Times are {@link System#nanoTime} in nanoseconds: processes of one
 * machine share that clock on the operating systems that Java runs on.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Note.Began.class, name = "began"),
    @JsonSubTypes.Type(value = Note.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = Note.Replayed.class, name = "replayed"),
    @JsonSubTypes.Type(value = Note.Delivered.class, name = "delivered"),
    @JsonSubTypes.Type(value = Note.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Note.Fresh.class, name = "fresh"),
    @JsonSubTypes.Type(value = Note.GaveUp.class, name = "gave-up")
})
sealed interface Note {
    /**
     * Where an event is in the ledger.
     *
     * @param position its position
     * @param revision its place in its entity's history
     * @param id its id
     */
    record Spot(long position, long revision, UUID id) {}

    /**
     * An event that is to be stored. There are millions: what many have in common is one object.
     *
     * @param entity name and key of its entity
     * @param revision what its place in the entity's history has to be
     * @param previousId of the entity's newest event, where this is the append's first for it; null for later and for first ones
     * @param id which the client has chosen; null if the store is to
     * @param name the event's name
     * @param content of its data
     */
    record Planned(
            String entity,
            long revision,
            @Nullable UUID previousId,
            @Nullable UUID id,
            String name,
            Digest content) {
        public Planned {
            entity = entity.intern();
            name = name.intern();
        }
    }

    /** An attempt to append is about to begin. */
    record Began(long attempt, long at, String key, List<Planned> events) implements Note {}

    /** It ended, with the events that are stored, or with the head that makes it stale. */
    record Ended(long attempt, long at, Outcome outcome, boolean repeated, List<Spot> spots, String why)
            implements Note {}

    /**
     * A replay of everything from a position on has been read to its end.
     *
     * @param began when it was about to begin
     * @param at when it was over
     * @param from the position
     * @param last the highest position that it read; the one before {@code from} if it read none
     * @param events how many it read
     * @param ascending whether each was at a higher position than the one before
     * @param digest the sum of their digests
     */
    record Replayed(long began, long at, long from, long last, long events, boolean ascending, Digest digest)
            implements Note {}

    /**
     * A tail has delivered a page.
     *
     * @param at when
     * @param events where they are
     * @param digests the first half of each event's digest
     * @param cursor after the page
     */
    record Delivered(long at, List<Spot> events, List<Long> digests, String cursor) implements Note {}

    /** All is calm, what the writer had begun has ended, and it is about to make an append with this new key, which has to be stored. */
    record Fresh(long at, String key) implements Note {}

    /** Although all was calm again, an append could not be brought to an end. */
    record GaveUp(long at, String key, String why) implements Note {}

    /** A call that is no append failed. */
    record Failed(long at, String call, boolean broken, String why) implements Note {}
}
