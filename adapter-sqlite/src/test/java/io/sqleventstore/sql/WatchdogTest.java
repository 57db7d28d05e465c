package io.sqleventstore.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.sql.Watchdog.Watch;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@Timeout(60)
class WatchdogTest {
    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Watchdog watchdog = new Watchdog(Duration.ofMillis(20), Duration.ofMillis(200));
    private Connection connection;
    private Statement statement;

    @BeforeEach
    void connect() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        statement = connection.createStatement();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private static void assertCancelled(Statement endless) {
        assertThatThrownBy(() -> endless.executeQuery(ENDLESS))
                .isInstanceOfSatisfying(
                        SQLiteException.class,
                        e -> assertThat(e.getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_INTERRUPT));
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private void awaitItsEnd() throws InterruptedException {
        while (watchdog.isAwake()) {
            Thread.sleep(10);
        }
    }

    @Test
    void what_takes_longer_than_it_may_is_cancelled_and_not_before() {
        long began = System.nanoTime();
        watchdog.watch(statement, SECOND);
        assertCancelled(statement);
        assertThat(millisSince(began)).isBetween(1_000L, 10_000L);
    }

    @Test
    void what_came_to_an_end_is_not_cancelled_nor_what_its_connection_does_then() throws SQLException {
        Watch ended = watchdog.watch(statement, SECOND);
        ended.end();
        Watch next = watchdog.watch(statement, SECOND.multipliedBy(3));
        long began = System.nanoTime();
        assertCancelled(statement);
        next.end();
        assertThat(millisSince(began)).isGreaterThan(2_900);
    }

    @Test
    void without_a_limit_nobody_looks() {
        watchdog.watch(statement, Duration.ZERO).end();
        assertThat(watchdog.isAwake()).isFalse();
    }

    @Test
    void its_thread_ends_when_there_is_nothing_to_watch_and_comes_back() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            Watch watch = watchdog.watch(statement, SECOND);
            assertThat(watchdog.isAwake()).isTrue();
            if (round > 0) { // also where nobody said that it ended
                watch.end();
            }
            awaitItsEnd();
            watchdog.watch(statement, SECOND);
            assertCancelled(statement);
            awaitItsEnd();
        }
    }

    /** A watch that begins just when the thread is about to end must not be left alone. */
    @Test
    void whoever_comes_when_its_thread_is_about_to_end_is_watched_too() throws Exception {
        Watchdog hasty = new Watchdog(Duration.ofMillis(1), Duration.ofMillis(1));
        int threads = 4;
        CyclicBarrier barrier = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (int round = 0; round < 300; round++) {
                        barrier.await();
                        LockSupport.parkNanos(round * 3_000L);
                        hasty.watch(statement, Duration.ofNanos(1));
                        barrier.await();
                        long began = System.nanoTime();
                        while (hasty.watched() > 0) {
                            assertThat(millisSince(began)).isLessThan(5_000);
                        }
                    }
                    return true;
                }));
            }
            for (Future<Boolean> each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
