package io.sqleventstore.benchmarks;

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
 * @param floorA the median of eventsPerSecond as a multiple of floor A's
 * @param floorB the median of eventsPerSecond as a multiple of floor B's
 * @param library the library's median of eventsPerSecond as a multiple of this one
 * @param refused appends that came too late and were tried again, in all rounds
 * @param missed events that a tail did not deliver, in all rounds
 */
public record Result(
        String workload,
        Subject subject,
        int threads,
        int batch,
        Figures eventsPerSecond,
        Figures p50Micros,
        Figures p99Micros,
        double floorA,
        double floorB,
        double library,
        long refused,
        long missed) {
    /** {@return what the workload does, in words} */
    public String description() {
        return Workload.named(workload).description();
    }
}
