package io.sqleventstore.sql;

import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels statements that take longer than they may, by a thread that looks at them from time to time. The drivers' own timers ({@link
 * Statement#setQueryTimeout}) wake a thread for each statement, which is a twentieth of an append of one event where client and server share two
 * CPUs. The thread is a daemon, there only while something is watched and for a while after that. Safe for use by many threads.
 */
final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** For all stores of this JVM. */
    static final Watchdog SHARED = new Watchdog(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final Duration between;
    private final int looksInVain;

    // what follows is guarded by this
    private final Set<Watch> watches = new HashSet<>();
    private boolean used;
    private boolean awake;

    /**
     * One of its own.
     *
     * @param between the time between two looks, at least a millisecond: so much longer than it may can a statement take
     * @param idle how long the thread waits for something to watch before it ends
     */
    Watchdog(Duration between, Duration idle) {
        this.between = between;
        this.looksInVain = (int) idle.dividedBy(between);
    }

    /** Watches a statement until that ends: cancels it if it takes longer, again and again if need be; zero: never. */
    Watch watch(Statement statement, Duration longest) {
        Watch watch = new Watch(statement, System.nanoTime() + longest.toNanos());
        if (!longest.isZero()) {
            begin(watch);
        }
        return watch;
    }

    private synchronized void begin(Watch watch) {
        if (!awake) {
            start(this::lookUntilIdle);
            awake = true;
        }
        watches.add(watch);
        used = true;
    }

    /** By a daemon without the class loader and the thread's values of the caller, whose application may be unloaded. */
    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "sql-event-store-watchdog", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private void lookUntilIdle() {
        boolean orderly = false;
        try {
            int inVain = 0;
            while (goesOn(inVain)) {
                pause();
                inVain = wasUsed() ? 0 : inVain + 1;
                look();
            }
            orderly = true;
        } finally {
            if (!orderly) {
                giveUp(); // the next watch begins anew
            }
        }
    }

    private void look() {
        try {
            overdue().forEach(Watch::cancel);
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "what takes too long can't be cancelled just now",
                    e); // no memory, say: the next look may do better
        }
    }

    private synchronized boolean goesOn(int inVain) {
        awake = inVain < looksInVain || used || !watches.isEmpty();
        return awake;
    }

    private synchronized void giveUp() {
        awake = false;
    }

    private synchronized boolean wasUsed() {
        boolean was = used || !watches.isEmpty();
        used = false;
        return was;
    }

    private synchronized List<Watch> overdue() {
        return watches.stream().filter(Watch::isOverdue).toList();
    }

    private synchronized void forget(Watch watch) {
        watches.remove(watch);
    }

    /** Whether its thread is there. */
    synchronized boolean isAwake() {
        return awake;
    }

    private void pause() {
        try {
            Thread.sleep(between.toMillis());
        } catch (InterruptedException e) {
            LOG.debug("nobody is to end this thread but itself", e);
        }
    }

    /** A statement that is watched. */
    final class Watch {
        private final Statement statement;
        private final long due;
        private final AtomicBoolean cancels = new AtomicBoolean();
        private volatile boolean ends;
        private boolean cancelled; // guarded by this

        private Watch(Statement statement, long due) {
            this.statement = statement;
            this.due = due;
        }

        private boolean isOverdue() {
            return System.nanoTime() - due > 0;
        }

        /** On a thread of its own, since a driver, or what wraps it, may have that wait; another one at the next look, if that came to nothing. */
        private void cancel() {
            if (cancels.compareAndSet(false, true)) {
                try {
                    start(this::cancelUnlessEnded);
                } catch (RuntimeException | Error e) {
                    cancels.set(false);
                    throw e;
                }
            }
        }

        /** Under the lock, so that it never meets what the statement, or its connection, does after that. */
        private synchronized void cancelUnlessEnded() {
            try {
                if (!ends) {
                    cancelled = true;
                    OwnSession.quietly(statement::cancel);
                }
            } finally {
                cancels.set(false);
            }
        }

        /** The statement has come to an end. Waits for a cancel that is under way; returns whether there was none. */
        boolean end() {
            ends = true;
            forget(this);
            synchronized (this) {
                return !cancelled;
            }
        }
    }
}
