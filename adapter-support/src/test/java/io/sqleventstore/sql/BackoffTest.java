package io.sqleventstore.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackoffTest {
    private final Backoff backoff = new Backoff();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Future<Boolean>> looking = new ArrayList<>();

    @AfterEach
    void letGo() throws Exception {
        end.countDown();
        for (Future<Boolean> each : looking) {
            each.get();
        }
        pool.shutdown();
        assertThat(backoff.entities()).as("entities that are still known").isZero();
    }

    private static Append to(String key) {
        return Head.beforeFirst(Entity.of("hot", key)).append(NewEvent.of("happened", "{}"));
    }

    /** Lets so many look at the entity until the end. */
    private void look(String key, int number) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(number);
        for (int i = 0; i < number; i++) {
            looking.add(pool.submit(() -> backoff.look(to(key), Deadline.after(Duration.ofMinutes(1)), () -> {
                begun.countDown();
                return await();
            })));
        }
        begun.await();
    }

    private boolean await() {
        try {
            end.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How long 40 looks take, with their pauses, in milliseconds. */
    private long fortyLooks(Append append, Duration left) {
        long began = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            backoff.look(append, Deadline.after(left), () -> true);
        }
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    @Test
    void who_is_alone_looks_at_once() throws Exception {
        look("other", 10);
        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.look(to("1"), Deadline.NEVER, () -> "seen")).isEqualTo("seen");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void beside_others_the_pauses_are_longer_the_more_there_are_and_never_long() throws Exception {
        assertThat(List.of(0, 1, 2, 5, 6, 100, 1_000_000))
                .extracting(Backoff::longestMillis)
                .containsExactly(0, 3, 12, 75, 100, 100, 100);
        look("1", 8);
        assertThat(fortyLooks(to("1"), Duration.ofMinutes(1)))
                .as("40 pauses of up to 100 ms, 2 s on the average")
                .isGreaterThan(800);
    }

    @Test
    void an_append_to_several_entities_minds_the_others_of_each() throws Exception {
        look("2", 8);
        assertThat(fortyLooks(to("1").and(to("2")), Duration.ofMinutes(1))).isGreaterThan(800);
    }

    @Test
    void no_pause_is_longer_than_what_is_left() throws Exception {
        look("1", 8);
        assertThat(fortyLooks(to("1"), Duration.ofMillis(1))).isLessThan(800);
    }

    @Test
    void what_the_look_throws_is_thrown_and_nobody_is_counted_any_more() {
        assertThatThrownBy(() -> backoff.look(to("1").and(to("2")), Deadline.NEVER, () -> {
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        assertThat(backoff.entities()).isZero();
    }

    @Test
    void ERR_4_who_is_interrupted_is_told_that_it_may_be_stored_and_keeps_the_flag() throws Exception {
        look("1", 8);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> backoff.look(to("1"), Deadline.NEVER, () -> "seen"))
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        e -> assertThat(e.outcomeUnknown()).isTrue());
        assertThat(Thread.interrupted()).isTrue();
    }
}
