package io.sqleventstore.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * What was measured of one subject in one workload.
 *
 * @param workload its name
 * @param subject who did the work
 * @param threads how many clients there were at once
 * @param batch events of one operation
 * @param eventsPerSecond appended, read or delivered by all clients together
 * @param p50Micros half of the operations took no longer; of a tail: half of the events were delivered within so many microseconds after
 *     their append's return
 * @param p99Micros as {@code p50Micros}, 99 of 100
 * @param floorA the median of eventsPerSecond as a multiple of floor A's; null if that was not measured
 * @param floorB the median of eventsPerSecond as a multiple of floor B's; null if that was not measured
 * @param library the library's median of eventsPerSecond as a multiple of this one
 * @param refused appends that came too late and were tried again, in all rounds
 * @param missed events that a tail did not deliver, in all rounds
 * @param bytesPerEvent what the clients' threads allocated for each event, the median of the rounds; null where events don't decide that
 *     (tails, which also allocate while they wait, and starts), or where the JVM doesn't count it
 */
public record Result(
        String workload,
        Subject subject,
        int threads,
        int batch,
        Figures eventsPerSecond,
        Figures p50Micros,
        Figures p99Micros,
        @Nullable Double floorA,
        @Nullable Double floorB,
        double library,
        long refused,
        long missed,
        @Nullable Double bytesPerEvent) {
    /** {@return what the workload does, in words} */
    public String description() {
        return Workload.named(workload).description();
    }
}
