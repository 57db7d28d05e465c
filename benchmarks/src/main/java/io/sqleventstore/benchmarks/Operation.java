package io.sqleventstore.benchmarks;

import java.sql.SQLException;
import java.util.SplittableRandom;

/** What a client does again and again, and what is timed each time. */
interface Operation {
    /** So many entities are chosen from by Zipf's law. */
    Zipf ZIPF = new Zipf(1_000);

    /** Of five operations of the mixed workload one is a replay. */
    int OPERATIONS_PER_REPLAY = 5;

    /** Does it and returns how many events were appended or read. */
    long run() throws SQLException;

    /**
     * A client's operation.
     *
     * @param own what its own entities are called
     * @param before the last position before the stock
     */
    static Operation of(
            Workload workload, Client client, String own, SplittableRandom random, Stock stock, long before) {
        SmallEntities small = new SmallEntities(own);
        return switch (workload) {
            case SMALL_ENTITIES -> () -> append(client, small.next(), 1);
            case ZIPF_ENTITIES -> () -> append(client, "zipf-" + stock.contest() + "-" + ZIPF.next(random), 1);
            case HOT_ENTITY -> () -> append(client, "hot-" + stock.contest(), 1);
            case MIXED ->
                () -> random.nextInt(OPERATIONS_PER_REPLAY) == 0
                        ? client.replay(small.current())
                        : append(client, small.next(), 1);
            case ANY_ENTITY -> () -> continued(client, Filling.game(random.nextLong(stock.entities())));
            case REPLAY_ALL -> () -> whole(client.replayAll(before), stock.events());
            case REPLAY_ENTITY -> () -> whole(client.replay(stock.large()), stock.eventsOfLarge());
            default -> () -> append(client, own, workload.batch(stock));
        };
    }

    private static long append(Client client, String key, int events) throws SQLException {
        client.append(key, events);
        return events;
    }

    private static long continued(Client client, String key) throws SQLException {
        client.resume(key);
        return append(client, key, 1);
    }

    private static long whole(long read, long stored) {
        if (read != stored) {
            throw new IllegalStateException(read + " events were read, " + stored + " are there.");
        }
        return read;
    }
}
