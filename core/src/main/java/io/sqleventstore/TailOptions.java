package io.sqleventstore;

import java.time.Duration;

/**
 * How a tail works. Immutable; start from {@link #defaults()}.
 *
 * @param grace how long a missing position may stay missing before the tail settles it, zero or more. No promise depends
 *     on it: a writer that comes late takes another position
 * @param pageSize most positions that one page looks at, 1 to 10,000
 * @param shortestPause first pause of an idle wait, more than zero; each further one is twice as long, also while there are events that are not selected
 * @param longestPause longest pause of an idle wait, not below the shortest
 */
public record TailOptions(Duration grace, int pageSize, Duration shortestPause, Duration longestPause) {
    /**
     * Checks the ranges.
     *
     * @param grace as {@link #grace}
     * @param pageSize as {@link #pageSize}
     * @param shortestPause as {@link #shortestPause}
     * @param longestPause as {@link #longestPause}
     * @throws IllegalArgumentException if a value is out of its range
     */
    public TailOptions {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace is " + grace + "; it can't be negative.");
        }
        if (pageSize < 1 || pageSize > 10_000) {
            throw new IllegalArgumentException("pageSize is " + pageSize + "; it has to be 1 to 10000.");
        }
        if (shortestPause.compareTo(Duration.ofMillis(1)) < 0 || longestPause.compareTo(shortestPause) < 0) {
            throw new IllegalArgumentException("A pause has at least 1 ms, and the longest is not below the shortest.");
        }
    }

    /**
     * A grace of 20 ms, 1,000 positions a page, pauses from 2 ms to 250 ms.
     *
     * @return these options
     */
    public static TailOptions defaults() {
        return new TailOptions(Duration.ofMillis(20), 1_000, Duration.ofMillis(2), Duration.ofMillis(250));
    }

    /**
     * With that grace.
     *
     * @param grace zero or more
     * @return options with that grace
     */
    public TailOptions withGrace(Duration grace) {
        return new TailOptions(grace, pageSize, shortestPause, longestPause);
    }

    /**
     * With that page size.
     *
     * @param pageSize 1 to 10,000
     * @return options with that page size
     */
    public TailOptions withPageSize(int pageSize) {
        return new TailOptions(grace, pageSize, shortestPause, longestPause);
    }

    /**
     * With these pauses.
     *
     * @param shortest the first pause, 1 ms or more
     * @param longest the longest pause, not below the first
     * @return options with these pauses
     */
    public TailOptions withPauses(Duration shortest, Duration longest) {
        return new TailOptions(grace, pageSize, shortest, longest);
    }
}
