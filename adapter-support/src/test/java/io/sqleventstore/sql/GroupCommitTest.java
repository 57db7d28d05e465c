package io.sqleventstore.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.rules.Continuation;
import io.sqleventstore.rules.LedgerRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who stores what together with whom, and who hears of what; the database is asked about in the suite. */
class GroupCommitTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ROWS = 100;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Recorded storage = new Recorded();

    @AfterEach
    void end() throws InterruptedException {
        storage.opened.countDown();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Notes what it is asked for. Whoever stores {@code door}, {@code door 2} and so on waits until it is opened. */
    private static final class Recorded implements GroupCommit.Storage {
        final List<List<String>> groups = Collections.synchronizedList(new ArrayList<>());
        final List<String> alone = Collections.synchronizedList(new ArrayList<>());
        final List<String> withPlace = Collections.synchronizedList(new ArrayList<>());
        final List<String> unknown = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch opened = new CountDownLatch(1);
        final CountDownLatch atTheDoor = new CountDownLatch(1);
        final AtomicInteger held = new AtomicInteger();
        volatile Work together = (keys, deadline) -> {};

        interface Work {
            void on(List<String> keys, Deadline deadline);
        }

        @Override
        public List<AppendResult> together(List<Draft> drafts, Deadline deadline) {
            List<String> keys =
                    drafts.stream().map(draft -> draft.append().key()).toList();
            groups.add(keys);
            together.on(keys, deadline);
            return keys.stream().map(Recorded::result).toList();
        }

        @Override
        public AppendResult alone(Draft draft, Deadline deadline, boolean mayBeStored, boolean inTheWay) {
            String key = draft.append().key();
            if (key.startsWith("door") && draft.rows().get(0).entity().key().equals(key)) {
                held.incrementAndGet();
                atTheDoor.countDown();
                await(opened);
            }
            alone.add(key);
            if (inTheWay) {
                withPlace.add(key);
            }
            if (mayBeStored) {
                unknown.add(key);
            }
            return result(key);
        }

        private static AppendResult result(String key) {
            Entity entity = Entity.of("entity", key);
            return new AppendResult(key, false, List.of(new Head(entity, 1, new UUID(0, 1), 1)));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private GroupCommit groups(int mostAppends, int places) {
        return new GroupCommit(mostAppends, ROWS, places, Duration.ofMillis(10), Duration.ofMillis(100), storage);
    }

    /** As many events as that, of an entity of the key's name. */
    private static Draft draft(String key, int events) {
        NewEvent event = NewEvent.of("happened", "{}");
        Append append = Head.beforeFirst(Entity.of("entity", key))
                .append(Collections.nCopies(events, event))
                .withKey(key);
        return draft(append);
    }

    private static Draft draft(Append append) {
        List<LedgerRow> rows = Continuation.rows(append, UUID::randomUUID);
        return new Draft(append, rows);
    }

    private Future<AppendResult> start(GroupCommit groups, Draft draft) {
        Callable<AppendResult> append = () -> groups.append(draft, Deadline.after(LONG));
        return threads.submit(append);
    }

    /** Starts one that keeps the only place busy, then those, each when the one before waits. */
    private List<Future<AppendResult>> startBehindTheDoor(GroupCommit groups, List<Draft> drafts)
            throws InterruptedException {
        List<Future<AppendResult>> running = new ArrayList<>();
        running.add(start(groups, draft("door", 1)));
        await(storage.atTheDoor);
        int before = groups.waiting();
        for (Draft each : drafts) {
            running.add(start(groups, each));
            before++;
            awaitWaiting(groups, before);
        }
        return running;
    }

    private static void awaitWaiting(GroupCommit groups, int number) throws InterruptedException {
        awaitNumber("wait", groups::waiting, number);
    }

    private static void awaitNumber(String what, IntSupplier actual, int number) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (actual.getAsInt() != number) {
            assertThat(System.nanoTime()).as("%d %s", number, what).isLessThan(end);
            Thread.sleep(1);
        }
    }

    /** Places are taken over after 100 ms: such a wait must not come into a test that is about something else. */
    private static GroupCommit patient(int mostAppends, GroupCommit.Storage storage) {
        return new GroupCommit(mostAppends, ROWS, 1, LONG, LONG, storage);
    }

    private static List<Draft> drafts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> draft("k" + i, 1)).toList();
    }

    private static void assertOwnResults(List<Future<AppendResult>> running, List<String> keys) throws Exception {
        List<String> got = new ArrayList<>();
        for (Future<AppendResult> each : running) {
            got.add(each.get(20, TimeUnit.SECONDS).key());
        }
        assertThat(got).isEqualTo(keys);
    }

    // ---- who is with whom ----

    @Test
    void one_after_the_other_each_is_alone() {
        GroupCommit groups = groups(64, 1);
        for (Draft each : drafts(0, 5)) {
            assertThat(groups.append(each, Deadline.after(LONG)).key())
                    .isEqualTo(each.append().key());
        }
        assertThat(storage.alone).containsExactly("k0", "k1", "k2", "k3", "k4");
        assertThat(storage.withPlace)
                .as("others may come to wait for its place")
                .isEqualTo(storage.alone);
        assertThat(storage.groups).isEmpty();
    }

    @Test
    void an_append_that_has_ended_is_in_nobodys_way() throws Exception {
        GroupCommit groups = patient(64, storage);
        for (Draft each : drafts(0, 2)) {
            groups.append(each, Deadline.after(LONG));
        }
        startBehindTheDoor(groups, drafts(0, 2));
        storage.opened.countDown();
    }

    @Test
    void those_that_wait_are_stored_together_in_the_order_of_their_coming() throws Exception {
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 5));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2", "k3", "k4"));
        assertThat(storage.groups).containsExactly(List.of("k0", "k1", "k2", "k3", "k4"));
        assertThat(storage.alone).containsExactly("door");
    }

    @Test
    void one_that_waits_alone_is_stored_alone() throws Exception {
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 1));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0"));
        assertThat(storage.groups).isEmpty();
    }

    @Test
    void a_group_has_so_many_appends_at_most() throws Exception {
        List<Future<AppendResult>> running = startBehindTheDoor(patient(2, storage), drafts(0, 4));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2", "k3"));
        assertThat(storage.groups).containsExactly(List.of("k0", "k1"), List.of("k2", "k3"));
    }

    @Test
    void a_group_has_as_many_rows_as_a_statement_takes_at_most() throws Exception {
        List<Draft> some = List.of(draft("a", 60), draft("b", 40), draft("c", 50), draft("d", 50), draft("e", 1));
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), some);
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "a", "b", "c", "d", "e"));
        assertThat(storage.groups).containsExactly(List.of("a", "b"), List.of("c", "d"));
        assertThat(storage.alone).containsExactly("door", "e");
    }

    @Test
    void a_further_group_is_begun_once_as_many_wait_as_are_being_stored() throws Exception {
        GroupCommit groups = new GroupCommit(64, ROWS, 4, LONG, LONG, storage);
        List<Future<AppendResult>> running = startTwoBehindTheDoors(groups);
        running.add(start(groups, draft("a", 1)));
        awaitWaiting(groups, 1); // for one that waits with it, although two places are free
        running.add(start(groups, draft("b", 1)));
        assertOwnResults(running.subList(2, 4), List.of("a", "b"));
        assertThat(storage.groups).containsExactly(List.of("a", "b"));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door 1", "door 2", "a", "b"));
    }

    @Test
    void nobody_waits_for_others_behind_what_takes_longer_than_usual() throws Exception {
        GroupCommit groups = new GroupCommit(64, ROWS, 4, Duration.ofMillis(1), LONG, storage);
        List<Future<AppendResult>> running = startTwoBehindTheDoors(groups);
        running.add(start(groups, draft("a", 1)));
        assertOwnResults(running.subList(2, 3), List.of("a"));
        assertThat(storage.alone).containsExactly("a");
        storage.opened.countDown();
        assertOwnResults(running, List.of("door 1", "door 2", "a"));
    }

    private List<Future<AppendResult>> startTwoBehindTheDoors(GroupCommit groups) throws InterruptedException {
        List<Future<AppendResult>> running = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            running.add(start(groups, draft("door " + number, 1)));
            awaitNumber("held", storage.held::get, number);
        }
        return running;
    }

    @Test
    void documents_of_a_mebibyte_are_the_most_of_a_group() throws Exception {
        NewEvent half = NewEvent.of("happened", "{\"x\":\"" + "x".repeat(512 * 1024 - 8) + "\"}");
        List<Draft> some = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            some.add(draft(
                    Head.beforeFirst(Entity.of("entity", key)).append(half).withKey(key)));
        }
        assertThat(some.get(0).characters()).isEqualTo(512 * 1024);
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), some);
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "a", "b", "c"));
        assertThat(storage.groups).containsExactly(List.of("a", "b"));
    }

    @Test
    void what_is_too_large_for_a_group_waits_for_nobody() throws Exception {
        GroupCommit groups = patient(64, storage);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, List.of());
        assertThat(start(groups, draft("large", ROWS + 1))
                        .get(20, TimeUnit.SECONDS)
                        .key())
                .isEqualTo("large");
        storage.opened.countDown();
        assertOwnResults(running, List.of("door"));
    }

    @Test
    void without_groups_nobody_waits() throws Exception {
        GroupCommit groups = patient(1, storage);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, List.of());
        for (Draft each : drafts(0, 3)) {
            assertThat(start(groups, each).get(20, TimeUnit.SECONDS).key())
                    .isEqualTo(each.append().key());
        }
        storage.opened.countDown();
        assertOwnResults(running, List.of("door"));
        assertThat(storage.groups).isEmpty();
    }

    @Test
    void there_are_as_many_places_as_were_asked_for() throws Exception {
        GroupCommit groups = new GroupCommit(64, ROWS, 2, LONG, LONG, storage);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, List.of());
        assertThat(start(groups, draft("k0", 1)).get(20, TimeUnit.SECONDS).key())
                .isEqualTo("k0");
        storage.opened.countDown();
        assertOwnResults(running, List.of("door"));
        assertThat(storage.groups).isEmpty();
    }

    @Test
    void who_is_at_the_same_entity_or_key_as_another_is_alone_at_once() throws Exception {
        GroupCommit groups = patient(64, storage);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, List.of());
        Append sameEntity = draft("door", 1).append().withKey("another");
        Append sameKey = draft("other entity", 1).append().withKey("door");
        Append both = draft("k1", 1).append().and(draft("door", 1).append()).withKey("both");
        for (Append each : List.of(sameEntity, sameKey, both)) {
            assertThat(start(groups, draft(each)).get(20, TimeUnit.SECONDS).key())
                    .isEqualTo(each.key());
        }
        storage.opened.countDown();
        assertOwnResults(running, List.of("door"));
        assertThat(groups.append(draft(sameEntity), Deadline.after(LONG)).key())
                .as("which is free again")
                .isEqualTo("another");
        assertThat(storage.withPlace).as("nobody waits for the others").containsExactly("door", "another");
        assertThat(storage.groups).isEmpty();
    }

    @Test
    void who_waits_with_what_another_needs_is_alone_too_and_not_overtaken() throws Exception {
        GroupCommit groups = patient(64, storage);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, drafts(0, 3));
        Append sameEntity = draft("k1", 1).append().withKey("another");
        assertThat(start(groups, draft(sameEntity)).get(20, TimeUnit.SECONDS).key())
                .isEqualTo("another");
        assertThat(running.get(2).get(20, TimeUnit.SECONDS).key()).isEqualTo("k1");
        assertThat(groups.waiting()).isEqualTo(2);
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2"));
        assertThat(storage.groups).containsExactly(List.of("k0", "k2"));
    }

    // ---- trouble ----

    @Test
    void a_refused_one_costs_few_statements_and_the_others_none() throws Exception {
        storage.together = (keys, deadline) -> {
            if (keys.contains("k13")) {
                throw DatabaseFault.descending(); // a refusal
            }
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 32));
        storage.opened.countDown();
        for (Future<AppendResult> each : running) {
            assertThat(each.get(20, TimeUnit.SECONDS).repeated()).isFalse();
        }
        assertThat(storage.groups).hasSize(1 + 4 + 4);
        assertThat(storage.alone).containsExactlyInAnyOrder("door", "k12", "k13");
        assertThat(storage.withPlace).containsExactly("door");
        assertThat(storage.unknown).isEmpty();
    }

    @Test
    void where_many_are_refused_it_is_not_tried_ever_further() throws Exception {
        storage.together = (keys, deadline) -> {
            throw DatabaseFault.descending();
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 64));
        storage.opened.countDown();
        for (Future<AppendResult> each : running) {
            assertThat(each.get(20, TimeUnit.SECONDS).repeated()).isFalse();
        }
        assertThat(storage.groups).hasSize(1 + 4);
        assertThat(storage.alone).hasSize(65);
    }

    @Test
    void what_hinders_a_group_is_met_by_it_once() throws Exception {
        storage.together = (keys, deadline) -> {
            throw DatabaseFault.descending().retryable(); // as a lock timeout
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 8));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"));
        assertThat(storage.groups).hasSize(1);
        assertThat(storage.alone).hasSize(9);
        assertThat(storage.withPlace).containsExactly("door");
        assertThat(storage.unknown).isEmpty();
    }

    @Test
    void what_hinders_a_part_of_a_refused_group_ends_its_being_tried_together() throws Exception {
        storage.together = (keys, deadline) -> {
            throw keys.size() == 8
                    ? DatabaseFault.descending()
                    : DatabaseFault.descending().retryable();
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 8));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"));
        assertThat(storage.groups).hasSize(2);
    }

    @Test
    void an_outcome_that_nobody_knows_is_unknown_to_each() throws Exception {
        storage.together = (keys, deadline) -> {
            throw DatabaseFault.lost(new SQLException("gone"));
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 3));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2"));
        assertThat(storage.unknown).containsExactlyInAnyOrder("k0", "k1", "k2");
    }

    @Test
    void what_the_store_itself_finds_wrong_with_a_group_each_finds_out_alone() throws Exception {
        storage.together = (keys, deadline) -> {
            throw new StoreFailure("not every row", null);
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 3));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2"));
        assertThat(storage.unknown).isEmpty();
    }

    @Test
    void an_error_is_the_leaders_and_the_others_go_on() throws Exception {
        storage.together = (keys, deadline) -> {
            throw new OutOfMemoryError("on purpose");
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 3));
        storage.opened.countDown();
        assertThatThrownBy(() -> running.remove(1).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutOfMemoryError.class);
        assertOwnResults(running, List.of("door", "k1", "k2"));
        assertThat(storage.unknown).containsExactlyInAnyOrder("k1", "k2");
    }

    @Test
    void an_exception_that_nobody_foresaw_is_nobodys_end() throws Exception {
        storage.together = (keys, deadline) -> {
            throw new IllegalStateException("on purpose");
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 3));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2"));
        assertThat(storage.unknown).containsExactlyInAnyOrder("k0", "k1", "k2");
    }

    @Test
    void where_a_leader_gets_no_connection_each_asks_for_its_own() throws Exception {
        storage.together = (keys, deadline) -> {
            throw new ConnectionException(new SQLException("none left"));
        };
        List<Future<AppendResult>> running = startBehindTheDoor(patient(64, storage), drafts(0, 3));
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2"));
        assertThat(storage.groups).hasSize(1);
        assertThat(storage.unknown).isEmpty();
    }

    // ---- time ----

    @Test
    void a_place_whose_holder_takes_long_is_free() throws Exception {
        GroupCommit groups = groups(64, 1);
        List<Future<AppendResult>> door = startBehindTheDoor(groups, List.of());
        List<Future<AppendResult>> others = new ArrayList<>();
        for (Draft each : drafts(0, 5)) {
            others.add(start(groups, each));
        }
        assertOwnResults(others, List.of("k0", "k1", "k2", "k3", "k4"));
        assertThat(door.get(0)).isNotDone();
        storage.opened.countDown();
        assertOwnResults(door, List.of("door"));
        assertThat(groups.append(draft("later", 1), Deadline.after(LONG)).key()).isEqualTo("later");
    }

    @Test
    void who_waits_for_too_long_is_told_so_and_not_stored() throws Exception {
        GroupCommit groups = patient(64, storage);
        List<Future<AppendResult>> door = startBehindTheDoor(groups, List.of());
        assertThatThrownBy(() -> groups.append(draft("k0", 1), Deadline.after(Duration.ofMillis(50))))
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        failure -> assertThat(failure.outcomeUnknown()).isFalse());
        assertThat(groups.waiting()).isZero();
        storage.opened.countDown();
        assertOwnResults(door, List.of("door"));
        assertThat(storage.alone).containsExactly("door");
        assertThat(storage.groups).isEmpty();
    }

    @Test
    void a_group_has_a_part_of_its_leaders_time() throws Exception {
        List<Long> left = Collections.synchronizedList(new ArrayList<>());
        storage.together = (keys, deadline) -> left.add(deadline.leftNanos());
        GroupCommit groups = patient(2, storage);
        Duration four = Duration.ofSeconds(4);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, drafts(0, 2));
        running.add(threads.submit(() -> groups.append(draft("k2", 1), Deadline.after(four))));
        awaitWaiting(groups, 3);
        running.add(start(groups, draft("k3", 1)));
        awaitWaiting(groups, 4);
        storage.opened.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1", "k2", "k3"));
        assertThat(left).hasSize(2);
        assertThat(left.get(0)).isBetween(four.toNanos(), Duration.ofSeconds(5).toNanos());
        assertThat(left.get(1)).isBetween(1L, Duration.ofSeconds(2).toNanos());
    }

    @Test
    void whose_time_is_over_when_its_group_has_failed_is_not_tried_any_more() throws Exception {
        Future<AppendResult> hasty = behindALateGroup(new StoreFailure("not every row", null));
        assertThatThrownBy(() -> hasty.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        late -> assertThat(late.outcomeUnknown()).isFalse());
    }

    @Test
    void whose_time_is_over_when_nobody_knows_what_became_of_its_group_does_not_know_either() throws Exception {
        Future<AppendResult> hasty = behindALateGroup(DatabaseFault.lost(new SQLException("gone")));
        assertThatThrownBy(() -> hasty.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        late -> assertThat(late.outcomeUnknown()).isTrue());
    }

    /** One that had little time, which is over when its group fails with that. */
    private Future<AppendResult> behindALateGroup(RuntimeException failure) throws Exception {
        Duration little = Duration.ofSeconds(2);
        CountDownLatch late = new CountDownLatch(1);
        storage.together = (keys, deadline) -> {
            await(late);
            throw failure;
        };
        GroupCommit groups = patient(64, storage);
        List<Future<AppendResult>> running = startBehindTheDoor(groups, drafts(0, 2));
        Future<AppendResult> hasty = threads.submit(() -> groups.append(draft("hasty", 1), Deadline.after(little)));
        awaitWaiting(groups, 3);
        storage.opened.countDown();
        Thread.sleep(little.plusMillis(100).toMillis());
        late.countDown();
        assertOwnResults(running, List.of("door", "k0", "k1"));
        assertThatThrownBy(() -> hasty.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(storage.alone).containsExactlyInAnyOrder("door", "k0", "k1");
        return hasty;
    }

    @Test
    void an_interrupted_thread_that_waits_stores_nothing() throws Exception {
        GroupCommit groups = patient(64, storage);
        List<Future<AppendResult>> door = startBehindTheDoor(groups, List.of());
        ConcurrentHashMap<String, Object> seen = new ConcurrentHashMap<>();
        Thread waiter = new Thread(() -> {
            try {
                seen.put("result", groups.append(draft("k0", 1), Deadline.after(LONG)));
            } catch (StoreUnavailable e) {
                seen.put("unknown", e.outcomeUnknown());
            }
            seen.put("flag", Thread.currentThread().isInterrupted());
        });
        waiter.start();
        awaitWaiting(groups, 1);
        waiter.interrupt();
        waiter.join(20_000);
        assertThat(seen).containsOnly(java.util.Map.entry("unknown", false), java.util.Map.entry("flag", true));
        storage.opened.countDown();
        assertOwnResults(door, List.of("door"));
        assertThat(storage.alone).containsExactly("door");
    }

    @Test
    void an_interrupted_thread_whose_append_is_being_stored_gets_its_result_and_keeps_its_flag() throws Exception {
        GroupCommit groups = patient(64, storage);
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        storage.together = (keys, deadline) -> {
            storing.countDown();
            await(interrupted);
        };
        List<Future<AppendResult>> running = startBehindTheDoor(groups, drafts(0, 1));
        ConcurrentHashMap<String, Object> seen = new ConcurrentHashMap<>();
        Thread follower = new Thread(() -> {
            seen.put(
                    "key",
                    groups.append(draft("follower", 1), Deadline.after(LONG)).key());
            seen.put("flag", Thread.currentThread().isInterrupted());
        });
        follower.start();
        awaitWaiting(groups, 2);
        storage.opened.countDown();
        await(storing);
        follower.interrupt();
        Thread.sleep(50); // it goes on waiting
        assertThat(seen).isEmpty();
        interrupted.countDown();
        follower.join(20_000);
        assertThat(seen).containsOnly(java.util.Map.entry("key", "follower"), java.util.Map.entry("flag", true));
        assertOwnResults(running, List.of("door", "k0"));
    }
}
