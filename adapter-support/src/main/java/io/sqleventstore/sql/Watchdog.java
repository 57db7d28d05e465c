package io.sqleventstore.sql;

import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean awake = new AtomicBoolean();

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

    /** Watches a statement until that ends: cancels it once if it takes longer; zero: never. */
    Watch watch(Statement statement, Duration longest) {
        Watch watch = new Watch(statement, System.nanoTime() + longest.toNanos());
        if (!longest.isZero()) {
            watches.add(watch);
            wake();
        }
        return watch;
    }

    /** Whether its thread is there. */
    boolean isAwake() {
        return awake.get();
    }

    /** How many are watched. */
    int watched() {
        return watches.size();
    }

    private void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            Thread thread = new Thread(null, this::lookUntilIdle, "sql-event-store-watchdog", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null); // it outlives the caller, whose application may be unloaded
            thread.start();
        }
    }

    private void lookUntilIdle() {
        int inVain = 0;
        while (inVain < looksInVain) {
            pause();
            inVain = watches.isEmpty() ? inVain + 1 : 0;
            watches.forEach(Watch::cancelIfOverdue);
        }
        awake.set(false);
        if (!watches.isEmpty()) { // one that came since, and saw this thread
            wake();
        }
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
        private boolean over;

        private Watch(Statement statement, long due) {
            this.statement = statement;
            this.due = due;
        }

        /** Under the lock, so that it never meets what the statement, or its connection, does after that. */
        private synchronized void cancelIfOverdue() {
            if (!over && System.nanoTime() - due > 0) {
                over = true;
                watches.remove(this);
                OwnSession.quietly(statement::cancel);
            }
        }

        /** The statement has come to an end. */
        void end() {
            watches.remove(this);
            synchronized (this) {
                over = true;
            }
        }
    }
}
