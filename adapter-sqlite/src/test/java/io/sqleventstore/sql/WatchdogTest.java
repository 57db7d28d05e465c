package io.sqleventstore.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.sql.Watchdog.Watch;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@Timeout(60)
class WatchdogTest {
    /** Some minutes, so that it ends even if nobody cancels it. */
    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT COUNT(*) FROM n";

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
        Watch watch = watchdog.watch(statement, SECOND);
        assertCancelled(statement);
        assertThat(watch.end()).as("nobody tried").isFalse();
        assertThat(millisSince(began)).isBetween(1_000L, 10_000L);
    }

    @Test
    void what_came_to_an_end_is_not_cancelled_nor_what_its_connection_does_then() throws SQLException {
        Watch ended = watchdog.watch(statement, SECOND);
        ended.end();
        long began = System.nanoTime();
        Watch next = watchdog.watch(statement, SECOND.multipliedBy(3));
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
            Watch watch = watchdog.watch(statement, Duration.ofMinutes(1));
            Thread.sleep(500);
            assertThat(watchdog.isAwake()).as("while there is one").isTrue();
            assertThat(watch.end()).isTrue();
            awaitItsEnd();
            Watch next = watchdog.watch(statement, Duration.ofMillis(1));
            assertCancelled(statement);
            next.end();
            awaitItsEnd();
        }
    }

    @Test
    void one_that_does_not_run_yet_is_cancelled_once_it_does() throws Exception {
        Watch watch = watchdog.watch(statement, Duration.ofMillis(1));
        Thread.sleep(200); // cancelled in vain meanwhile
        assertCancelled(statement);
        assertThat(watch.end()).as("nobody tried").isFalse();
        assertThat(watchdog.watch(statement, SECOND).end()).isTrue();
    }

    @Test
    void a_driver_that_has_one_wait_keeps_no_other_from_being_cancelled() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        try (Connection other = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            Watch stuck = watchdog.watch(
                    whoseCancel(other.createStatement(), () -> {
                        waits.countDown();
                        end.await();
                    }),
                    Duration.ofMillis(1));
            waits.await();
            Watch watch = watchdog.watch(statement, Duration.ofMillis(1));
            assertCancelled(statement);
            watch.end();

            Future<Boolean> ends = CompletableFuture.supplyAsync(() -> {
                ending.countDown();
                return stuck.end();
            });
            ending.await();
            assertThatThrownBy(() -> ends.get(300, TimeUnit.MILLISECONDS))
                    .as("whoever ends it waits, so that the next statement isn't cancelled in its place")
                    .isInstanceOf(TimeoutException.class);
            end.countDown();
            assertThat(ends.get()).isFalse();
        } finally {
            end.countDown();
        }
    }

    @Test
    void a_cancel_that_fails_is_tried_again() {
        AtomicInteger failures = new AtomicInteger();
        Statement failing = whoseCancel(statement, () -> {
            if (failures.incrementAndGet() < 3) {
                throw new NoClassDefFoundError("of the driver, in this test");
            }
        });
        Watch watch = watchdog.watch(failing, Duration.ofMillis(1));
        assertCancelled(statement);
        watch.end();
        assertThat(failures.get()).isGreaterThanOrEqualTo(3);
    }

    private interface Before {
        void cancel() throws InterruptedException;
    }

    /** A wrapper of a statement, which does that before it cancels. */
    private static Statement whoseCancel(Statement statement, Before before) {
        return (Statement) Proxy.newProxyInstance(
                WatchdogTest.class.getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, values) -> {
                    if (method.getName().equals("cancel")) {
                        before.cancel();
                    }
                    return method.invoke(statement, values);
                });
    }
}
