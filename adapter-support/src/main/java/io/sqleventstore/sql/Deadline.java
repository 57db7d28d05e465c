package io.sqleventstore.sql;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Until when an operation may take. What is left is told to the statement, where the server can cancel it, and to the connection's socket, for a
 * server or network that has fallen silent.
 */
final class Deadline {
    /** None; what has failed after some seconds is not begun anew all the same, since it may take hours each time. */
    static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So much longer may the network be silent than a statement take, so that the server's own word comes first. */
    private static final long NETWORK_MILLIS = 2_000;

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + Pauses.nanos(time));
    }

    private boolean isNever() {
        return end == NEVER.end;
    }

    /** Whether there is time to do again what took so many nanoseconds. */
    boolean leaves(long nanos) {
        return isNever() ? nanos < SOON_NANOS : end - System.nanoTime() > nanos;
    }

    /** Whole seconds for a statement, at least one; 0 for as long as it takes. */
    int statementSeconds() {
        return isNever() ? 0 : (int) Math.min(Integer.MAX_VALUE, (leftMillis() + 999) / 1_000);
    }

    /** What is left, in milliseconds, at least one; the greatest number where there is no end. */
    int waitMillis() {
        return isNever() ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, leftMillis());
    }

    /** How long the network may be silent; 0 for ever. */
    int networkMillis() {
        return isNever() ? 0 : (int) Math.min(Integer.MAX_VALUE, leftMillis() + NETWORK_MILLIS);
    }

    /** One that leaves half of the time for what comes after it, and gives so much at most. */
    Deadline share(Duration most) {
        return new Deadline(System.nanoTime() + Math.min(most.toNanos(), leftNanos() / 2));
    }

    /** What is left; 0 or less when it is over. */
    long leftNanos() {
        return end - System.nanoTime();
    }

    private long leftMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos()));
    }
}
