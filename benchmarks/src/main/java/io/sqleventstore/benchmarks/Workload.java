package io.sqleventstore.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is done. */
enum Workload {
    ONE_WRITER("One writer appends to one entity, one event at a time.", false, 1),
    ONE_WRITER_IDLE_TAILS(
            "As one-writer, beside " + IdleTailsMeter.TAILS
                    + " tails that follow entities of another name, of which no event comes. The floors'"
                    + " readers ask for what lies beyond the newest position that they saw, as often as an idle tail looks; what is committed late"
                    + " they miss.",
            false,
            1),
    OWN_ENTITIES("Many writers, each to an entity of its own, one event at a time.", true, 1),
    SMALL_ENTITIES("Many writers, each to new entities of ten events, one event at a time.", true, 1),
    ZIPF_ENTITIES(
            "Many writers to the same thousand entities, chosen by Zipf's law: a few are hot. Who was too late tries again.",
            true,
            1),
    HOT_ENTITY("Many writers to one entity. Who was too late tries again.", true, 1),
    BATCH_10("One writer, ten events in each append.", false, 10),
    BATCH_100("One writer, a hundred events in each append.", false, 100),
    BATCH_1000("One writer, a thousand events in each append.", false, 1_000),
    BATCH_10000("One writer, ten thousand events in each append.", false, 10_000),
    MIXED(
            "Many clients; four times of five one appends to an entity of ten events at most, else it replays that entity.",
            true,
            1),
    ANY_ENTITY(
            "Many clients; each replays an entity chosen by chance of all that the ledger had before (--ledger-events), or else of a thousand,"
                    + " and appends an event to it. Floor B only appends, since it has no index to find an entity by.",
            true,
            1),
    REPLAY_ALL(
            "One reader replays the whole ledger, or what was stored after the events that it had before. The floors read it by one"
                    + " streaming query.",
            false,
            0),
    REPLAY_ENTITY(
            "One reader replays an entity that has a tenth of the ledger. Floor B has no index for that and reads its whole table.",
            false,
            0),
    TAIL_PACED(
            "A tail follows writers who together append so many events per second (--pace). The times are lags, from an append's return to its event's delivery.",
            true,
            1),
    TAIL_PACED_ROLLBACKS(
            "As tail-paced, and one transaction of ten is rolled back, which leaves a position that no event will ever have.",
            true,
            1),
    TAIL_FULL("As tail-paced, but the writers append as fast as they can.", true, 1),
    TAIL_FULL_ROLLBACKS("As tail-full, and one transaction of ten is rolled back.", true, 1),
    COLD_START_DRIVER(
            "From a JVM's start to the return of its first append, on a connection straight from the driver.",
            false,
            1),
    COLD_START_POOL("As cold-start-driver, on a connection from a pool of one.", false, 1);

    private final String description;
    private final boolean parallel;
    private final int batch;

    /**
     * @param parallel whether many do it at once
     * @param batch how many events an operation handles; 0 if that depends on the size of the ledger
     */
    Workload(String description, boolean parallel, int batch) {
        this.description = description;
        this.parallel = parallel;
        this.batch = batch;
    }

    static Workload named(String name) {
        return Arrays.stream(values())
                .filter(workload -> workload.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "There is no workload '" + name + "'; there are " + String.join(", ", labels()) + "."));
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Workload::label).toList();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String description() {
        return description;
    }

    boolean isParallel() {
        return parallel;
    }

    int batch(Stock stock) {
        return switch (this) {
            case REPLAY_ALL -> stock.events();
            case REPLAY_ENTITY -> stock.eventsOfLarge();
            default -> batch;
        };
    }

    boolean isReplay() {
        return this == REPLAY_ALL || this == REPLAY_ENTITY;
    }

    boolean isTail() {
        return isPaced() || this == TAIL_FULL || this == TAIL_FULL_ROLLBACKS;
    }

    boolean isPaced() {
        return this == TAIL_PACED || this == TAIL_PACED_ROLLBACKS;
    }

    boolean rollsBack() {
        return this == TAIL_PACED_ROLLBACKS || this == TAIL_FULL_ROLLBACKS;
    }

    boolean hasIdleTails() {
        return this == ONE_WRITER_IDLE_TAILS;
    }

    /** What they are like without: a tail is each one's own, and so is what an application starts with. */
    boolean isForRivals() {
        return this != ANY_ENTITY && !isTail() && !hasIdleTails() && !isColdStart();
    }

    boolean isColdStart() {
        return this == COLD_START_DRIVER || this == COLD_START_POOL;
    }
}
