package io.sqleventstore.benchmarks;

import java.util.List;
import java.util.SplittableRandom;

/**
 * How it is measured.
 *
 * @param workloads their names
 * @param threads how many clients there are at once, where there are many; measured for each of these numbers
 * @param seconds how long one measurement takes
 * @param rounds how often each is repeated
 * @param warmUps how often at most all work before figures are taken; they do until the JVM's compiler is idle
 * @param events how many a replay of the whole ledger reads
 * @param pace events per second of all paced writers together
 * @param appendsPerCommit how many appends of the library share a commit at most; 0 for as many as the dialect has
 * @param ledgerEvents how many are in each table before anything is measured; all workloads use the same tables then
 * @param floors whether the floors are measured too
 * @param seed of what is chosen by chance
 */
public record Settings(
        List<String> workloads,
        List<Integer> threads,
        double seconds,
        int rounds,
        int warmUps,
        int events,
        int pace,
        int appendsPerCommit,
        long ledgerEvents,
        boolean floors,
        long seed) {
    /** How often is enough for the compiler. */
    public static final int WARM_UPS = 10;

    private static final int MOST_THREADS = 1_000;
    private static final int MOST_APPENDS_PER_COMMIT = 64;

    /**
     * Checks the ranges.
     *
     * @param workloads as {@link #workloads}
     * @param threads as {@link #threads}
     * @param seconds as {@link #seconds}
     * @param rounds as {@link #rounds}
     * @param warmUps as {@link #warmUps}
     * @param events as {@link #events}
     * @param pace as {@link #pace}
     * @param appendsPerCommit as {@link #appendsPerCommit}
     * @param ledgerEvents as {@link #ledgerEvents}
     * @param floors as {@link #floors}
     * @param seed as {@link #seed}
     * @throws Refusal if a value is out of its range
     */
    public Settings {
        workloads = List.copyOf(workloads);
        threads = List.copyOf(threads);
        require(!workloads.isEmpty(), "--workload has to name one or more.");
        workloads.forEach(Workload::named);
        require(
                !threads.isEmpty() && threads.stream().allMatch(number -> number >= 1 && number <= MOST_THREADS),
                "--threads has to be 1 to " + MOST_THREADS + ".");
        require(seconds > 0, "--seconds has to be more than 0.");
        require(rounds >= 1, "--rounds has to be 1 or more.");
        require(
                events >= Stock.LEAST && events % Stock.EVENTS_PER_APPEND == 0,
                "--events has to be " + Stock.LEAST + " or more, and a multiple of " + Stock.EVENTS_PER_APPEND + ".");
        require(pace >= 1, "--pace has to be 1 or more.");
        require(
                appendsPerCommit >= 0 && appendsPerCommit <= MOST_APPENDS_PER_COMMIT,
                "--appends-per-commit has to be 0 to " + MOST_APPENDS_PER_COMMIT + ".");
        require(ledgerEvents >= 0, "--ledger-events has to be 0 or more.");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refusal(otherwise);
        }
    }

    /** For one thread of one measurement; alike for all subjects of a round. */
    SplittableRandom random(int measurement, int thread) {
        return new SplittableRandom(seed + (long) measurement * MOST_THREADS + thread);
    }

    long nanos() {
        return (long) (seconds * 1e9);
    }
}
