package io.sqleventstore.benchmarks;

import io.sqleventstore.EntityType;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Events that the server itself puts into an empty table, which is much quicker than to append them, and which keep every rule all the same:
 * entities of twenty events each, a hundred of them at a time, so that the events of one lie far from each other. Each event has an append
 * of its own.
 *
 * @param events how many
 * @param documentBytes of each document
 */
record Filling(long events, int documentBytes) {
    static final List<EntityType> TYPES = List.of(
            EntityType.of(Place.ENTITY, "game-started", Place.EVENT, "game-abandoned"),
            EntityType.of(Place.OTHER_ENTITY, "player-moved"));

    /** Of each ten entities the last is a player, the others are games. */
    private static final int GAMES_OF_TEN = 9;

    private static final int ENTITIES_AT_ONCE = 100;
    private static final int EVENTS_PER_ENTITY = 20;
    private static final int ROWS_PER_INSERT = 10_000;
    private static final int ROWS_PER_REPORT = 1_000_000;

    /** What a document has besides its padding. */
    private static final int LEAST_BYTES = 24;

    /** Ids and times begin with the year 2020, a millisecond for each event, so that those of later appends come after them. */
    private static final long EPOCH_MILLIS = 1_577_836_800_000L;

    private static final long KNUTH = 2_654_435_761L;

    Filling {
        if (events < 0 || documentBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(events + " events of " + documentBytes + " bytes");
        }
    }

    /** Puts them into the table, and leaves the server with no work to be done about it. */
    void into(Place place, Subject subject, Consumer<String> progress) throws SQLException {
        for (long first = 1; first <= events; first += ROWS_PER_INSERT) {
            long last = Math.min(events, first + ROWS_PER_INSERT - 1);
            run(place, "fill", subject, first, last);
            if (last % ROWS_PER_REPORT == 0 || last == events) {
                progress.accept("%s has %,d of %,d events".formatted(place.table(subject), last, events));
            }
        }
        if (events > 0) {
            run(place, "filled", subject, 1, events);
        }
    }

    private void run(Place place, String script, Subject subject, long first, long last) throws SQLException {
        String sql = place.server()
                .script(script)
                .replace("{table}", place.table(subject))
                .replace("{epoch}", "" + EPOCH_MILLIS)
                .replace("{first}", "" + first)
                .replace("{last}", "" + last)
                .replace("{padding}", "" + (documentBytes - LEAST_BYTES + 1));
        for (String statement : sql.split(";\n", -1)) {
            place.execute(statement);
        }
    }

    /** The id of the event at that position. */
    static UUID id(long position) {
        return new UUID(((EPOCH_MILLIS + position) << 16) | 0x7000, (0x8000L << 48) | position);
    }

    /** The key of a game. */
    static String game(long index) {
        long number = index / GAMES_OF_TEN * 10 + index % GAMES_OF_TEN;
        return "%08x-%08x".formatted((number * KNUTH) & 0xFFFF_FFFFL, number);
    }

    /** How many games have all their events where there are so many. */
    static long games(long events) {
        return events / (ENTITIES_AT_ONCE * EVENTS_PER_ENTITY) * ENTITIES_AT_ONCE / 10 * GAMES_OF_TEN;
    }
}
