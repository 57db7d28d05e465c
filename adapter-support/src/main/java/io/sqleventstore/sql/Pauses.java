package io.sqleventstore.sql;

import io.sqleventstore.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waiting that can be interrupted, and time as {@link System#nanoTime} counts it. */
final class Pauses {
    private Pauses() {}

    /** In nanoseconds: none for less than nothing, some 146 years for all that is longer, so that sums don't overflow. */
    static long nanos(Duration duration) {
        return Math.max(0, Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2));
    }

    /** Twice as long, at most the longest. */
    static Duration twice(Duration pause, Duration longest) {
        return pause.compareTo(longest.dividedBy(2)) < 0 ? pause.multipliedBy(2) : longest;
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Sleeps; an interruption keeps the thread's flag and ends the call. */
    static void sleep(Duration pause) {
        sleep(pause.toMillis(), "Interrupted while waiting; nothing was stored.", false);
    }

    /** Sleeps for up to so many milliseconds, by chance; an interruption keeps the thread's flag and ends the call with that message. */
    static void sleepUpTo(int longestMillis, String interrupted, boolean outcomeUnknown) {
        sleep(ThreadLocalRandom.current().nextInt(longestMillis + 1), interrupted, outcomeUnknown);
    }

    private static void sleep(long millis, String interrupted, boolean outcomeUnknown) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(interrupted, outcomeUnknown, e);
        }
    }
}
