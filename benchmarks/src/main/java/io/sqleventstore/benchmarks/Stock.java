package io.sqleventstore.benchmarks;

import java.sql.SQLException;
import java.util.SplittableRandom;

/**
 * The ledger that replays read: a tenth of it is one large entity, the rest are a thousand small ones, mixed.
 *
 * @param events how many
 * @param seed which small entities come when
 * @param before events of other entities that were put in before all workloads
 * @param contest of which it is, so that no other has the same entities
 */
record Stock(int events, long seed, long before, int contest) {
    /** So many there have to be, and a multiple of {@link #EVENTS_PER_APPEND}. */
    static final int LEAST = 100;

    static final int EVENTS_PER_APPEND = 10;

    private static final int SMALL_ENTITIES = 1_000;
    private static final int PART_OF_LARGE = 10;

    /** How many entities are chosen from where any will do: those that the ledger has before, or as many as there are small ones. */
    long entities() {
        return before == 0 ? SMALL_ENTITIES : Math.max(1, Filling.games(before));
    }

    /** The key of the large entity. */
    String large() {
        return "large-" + contest;
    }

    private int appends() {
        return events / EVENTS_PER_APPEND;
    }

    /** How many the large entity has. */
    int eventsOfLarge() {
        return (appends() + PART_OF_LARGE - 1) / PART_OF_LARGE * EVENTS_PER_APPEND;
    }

    /** Appends it, alike for each client. */
    void fill(Client client) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < appends(); i++) {
            String small = "small-" + contest + "-" + random.nextInt(SMALL_ENTITIES);
            client.append(i % PART_OF_LARGE == 0 ? large() : small, EVENTS_PER_APPEND);
        }
    }
}
