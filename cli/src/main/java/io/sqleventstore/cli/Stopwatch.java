package io.sqleventstore.cli;

import java.util.Locale;

/** Seconds since it was made. */
final class Stopwatch {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long started = System.nanoTime();

    /** The time taken until now, in seconds. */
    double seconds() {
        return (System.nanoTime() - started) / NANOS_PER_SECOND;
    }

    /** The time taken until now, and how many of so many things that is a second. */
    String rate(long things) {
        double seconds = seconds();
        return String.format(Locale.ROOT, "%.1f s, %,.0f events/s", seconds, things / seconds);
    }
}
