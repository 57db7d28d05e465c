package io.sqleventstore.benchmarks;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measurement.
 *
 * @param eventsPerSecond of all clients together
 * @param p50Micros half of the operations took no longer
 * @param p99Micros 99 of 100 took no longer
 * @param appended events that were stored, as the database said
 * @param refused appends that came too late and were tried again
 * @param missed events that a tail did not deliver
 * @param bytesPerEvent what the clients' threads allocated for each event, if that is known
 */
record Round(
        double eventsPerSecond,
        double p50Micros,
        double p99Micros,
        long appended,
        long refused,
        long missed,
        @Nullable Double bytesPerEvent) {
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1e3;

    /** For nanoseconds. */
    static Histogram times() {
        return new Histogram(DIGITS);
    }

    /** Without what was allocated. */
    static Round of(double eventsPerSecond, Histogram nanos, Tally done, long missed) {
        return new Round(
                eventsPerSecond,
                nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
                done.appendedEvents(),
                done.refusals(),
                missed,
                null);
    }

    Round withBytesPerEvent(@Nullable Double bytes) {
        return new Round(eventsPerSecond, p50Micros, p99Micros, appended, refused, missed, bytes);
    }
}
