package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import io.sqleventstore.PositionUndecided;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.conformance.RawLedger.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chapter TAIL of the contract, one situation at a time. */
abstract class TailChapter extends ModelChapter {
    static final NewEvent HAPPENED = NewEvent.of("happened", "{}");

    /** Longer than any tail needs unless something is wrong. */
    private static final Duration BOUNDED = Duration.ofSeconds(20);

    /** How long it takes at most to settle what a writer left, also where a lock is waited for no shorter than a second. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    /** Long enough for a tail to deliver what it is going to deliver. */
    private static final Duration SOON = Duration.ofMillis(200);

    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final int SECONDS = 60;

    // ---- tools ----

    private RawLedger raw() {
        return new RawLedger(place(), fixture(), store());
    }

    /** What a tail delivers until it neither has an event soon nor moves any more: it is at the end, or waits. */
    static List<StoredEvent> drain(Tail tail) {
        List<StoredEvent> events = new ArrayList<>();
        while (true) {
            Cursor before = tail.cursor();
            Tail.Page page = tail.next(SOON);
            assertThat(page.cursor()).isEqualTo(tail.cursor());
            if (page.events().isEmpty() && page.cursor().equals(before)) {
                return events;
            }
            events.addAll(page.events());
        }
    }

    /** What a tail delivers until it is at the end, which it reaches in bounded time. */
    static List<StoredEvent> toTheEnd(Tail tail) {
        List<StoredEvent> events = new ArrayList<>(drain(tail));
        long deadline = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (tail.waiting().isPresent() && System.nanoTime() < deadline) {
            events.addAll(drain(tail));
        }
        assertThat(tail.waiting()).as("what it waits for, when nobody writes").isEmpty();
        return events;
    }

    /** What a tail that has nothing to deliver says it waits for, once it gives that reason, in bounded time. */
    private static Tail.Waiting waitingBecause(String reason, Tail tail) {
        long deadline = System.nanoTime() + BOUNDED.toNanos();
        while (System.nanoTime() < deadline) {
            assertThat(drain(tail)).isEmpty();
            Tail.Waiting waiting = tail.waiting().orElse(null);
            if (waiting != null && waiting.reason().contains(reason)) {
                return waiting;
            }
        }
        throw new AssertionError("It doesn't wait because of that: " + reason + ", but " + tail.waiting());
    }

    /** What a tail delivers until it waits for that position, in bounded time. */
    private static List<StoredEvent> drainUntilWaitingFor(long position, Tail tail) {
        List<StoredEvent> events = new ArrayList<>();
        long deadline = System.nanoTime() + BOUNDED.toNanos();
        boolean waits = false;
        while (!waits && System.nanoTime() < deadline) {
            events.addAll(drain(tail));
            waits = tail.waiting()
                    .filter(waiting -> waiting.position() == position)
                    .isPresent();
        }
        assertThat(waits).as("waits for %d: %s", position, tail.waiting()).isTrue();
        return events;
    }

    /** The next so many events, within bounded time. */
    private static List<StoredEvent> take(int events, Tail tail) {
        List<StoredEvent> taken = new ArrayList<>();
        long deadline = System.nanoTime() + BOUNDED.toNanos();
        while (taken.size() < events && System.nanoTime() < deadline) {
            taken.addAll(tail.next(BOUNDED).events());
        }
        return taken;
    }

    /** The next so many events, below which nothing but what was rolled back has to be settled first. */
    private static List<StoredEvent> takeSettled(int events, Tail tail) {
        long began = System.nanoTime();
        List<StoredEvent> taken = take(events, tail);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SETTLED);
        return taken;
    }

    /** Where a tail stands that has gone over all that there is now, without reading it. */
    final Cursor end() {
        Tail tail = store().tail(Selection.all().ofEntity(unique("nobody")), Cursor.START);
        toTheEnd(tail);
        return tail.cursor();
    }

    private static List<UUID> ids(AppendResult... results) {
        return List.of(results).stream()
                .flatMap(result -> result.heads().stream())
                .map(head -> requireNonNull(head.eventId()))
                .toList();
    }

    private static List<UUID> ids(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::id).toList();
    }

    private static Append first(String name, NewEvent... events) {
        return Head.beforeFirst(Entity.of(name, unique("key"))).append(events);
    }

    /** A transaction of a client's that has appended and has not ended. */
    private final class Open implements AutoCloseable {
        private final Connection connection;
        private final AppendResult result;

        Open(Append append) throws SQLException {
            connection = joining().getConnection();
            connection.setAutoCommit(false);
            try {
                result = store().join(connection).append(append);
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        long position() {
            return result.heads().get(0).position();
        }

        void commit() throws SQLException {
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.close();
        }
    }

    /** Appends in a transaction that is rolled back, so that its positions are drawn and given up. */
    final void appendInVain(Append append) throws SQLException {
        try (Open given = new Open(append)) {
            assertThat(given.result.heads()).hasSize(append.size());
        } catch (TransactionMustRestart busy) {
            assertThat(busy).as("it is given up in any case").isNotNull();
        }
    }

    /** Stores a first event so many positions above the last one, as only a client that writes SQL by hand can. */
    private AppendResult appendBeyondHoles(String name, int holes) throws SQLException {
        Head head = Head.beforeFirst(Entity.of(name, unique("key")));
        long position = raw().lastPosition() + holes + 1;
        Row row = Row.after(head, "happened").with("position", position);
        raw().insert(row);
        mendGenerator(place());
        return new AppendResult("by hand", false, List.of(new Head(head.entity(), 1, row.id(), position)));
    }

    /** Where writers take turns, no event can be overtaken: nobody writes beside that transaction. */
    final void assertNobodyElseWrites(String name) throws SQLException {
        try (Connection second = joining().getConnection();
                Statement statement = second.createStatement()) {
            second.setAutoCommit(false);
            statement.execute(fixture().shortLockTimeout());
            EventStore joined = store().join(second);
            assertThatThrownBy(() -> joined.append(first(name, HAPPENED))).isInstanceOf(TransactionMustRestart.class);
            second.rollback();
            second.setAutoCommit(true);
        }
    }

    // ---- TAIL-1 ----

    @Test
    final void TAIL_1_a_tail_delivers_what_a_replay_shows_and_goes_on_from_its_cursor() {
        String name = newEntityName("happened", "other");
        Selection selection = Selection.all().ofEntity(name).named("happened");
        Tail tail = store().tail(selection, end(), TailOptions.defaults().withPageSize(7));
        Head head = Head.beforeFirst(Entity.of(name, "key"));
        for (int i = 0; i < 20; i++) {
            head = store().append(head.append(HAPPENED, NewEvent.of("other", "{}")))
                    .head();
        }
        List<StoredEvent> events = toTheEnd(tail);
        assertThat(events).hasSize(20).isEqualTo(store().replay(selection).toList());
        store().append(head.append(HAPPENED));
        assertThat(toTheEnd(store().tail(selection, tail.cursor()))).hasSize(1).isEqualTo(toTheEnd(tail));
        assertThat(tail.waiting()).isEmpty();
    }

    @Test
    final void TAIL_1_from_the_start_a_tail_delivers_the_whole_ledger_and_no_void() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"), EntityType.of("b", "happened"));
            store.append(first("a", HAPPENED, HAPPENED).and(first("b", HAPPENED)));
            RawLedger raw = new RawLedger(place, fixture(), store);
            Row far = Row.after(Head.beforeFirst(Entity.of("a", "far")), "happened");
            assertThat(catchThrowable(() -> raw.insert(far.with("position", 7L))))
                    .isNull();
            List<StoredEvent> events = toTheEnd(store.tail(Selection.all(), Cursor.START));
            assertThat(events).extracting(StoredEvent::position).containsExactly(1L, 2L, 3L, 7L);
            assertThat(events).isEqualTo(store.replay(Selection.all()).toList());
            assertThat(raw.rows()).isEqualTo(7);
        });
    }

    @Test
    final void TAIL_1_an_event_that_commits_late_is_delivered_before_those_that_overtook_it() throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        PositionReader control = new PositionReader(place(), dialect(), name);
        try (Open slow = new Open(first(name, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                slow.commit();
                assertThat(ids(take(1, tail))).isEqualTo(ids(slow.result));
                return;
            }
            AppendResult fast = store().append(first(name, HAPPENED, HAPPENED));
            assertThat(drain(tail)).isEmpty();
            assertThat(control.next()).isEqualTo(ids(fast));
            slow.commit();
            assertThat(ids(take(3, tail))).isEqualTo(ids(slow.result, fast));
            assertThat(control.next())
                    .as("what a reader by `position > ?` sees of an event that committed late")
                    .isEmpty();
        }
        assertThat(toTheEnd(store().tail(Selection.all().ofEntity(name), Cursor.START)))
                .isEqualTo(all(name));
    }

    @Test
    final void TAIL_1_events_that_are_not_selected_never_stall_a_tail() {
        String name = newEntityName("happened", "wanted");
        Selection selection = Selection.all().ofEntity(name).named("wanted");
        Cursor from = end();
        Head head = Head.beforeFirst(Entity.of(name, "key"));
        for (int i = 0; i < 30; i++) {
            head = store().append(head.append(Collections.nCopies(40, HAPPENED)))
                    .head();
        }
        Tail tail = store().tail(selection, from, TailOptions.defaults().withPageSize(10));
        assertThat(tail.next(SOON).events()).isEmpty();
        assertThat(tail.cursor()).as("it moved over what is not selected").isNotEqualTo(from);
        AppendResult wanted = store().append(head.append(NewEvent.of("wanted", "{}")));
        assertThat(ids(take(1, store().tail(selection, tail.cursor())))).isEqualTo(ids(wanted));
        assertThat(ids(take(1, tail))).isEqualTo(ids(wanted));
    }

    @Test
    final void TAIL_1_a_tail_that_has_no_time_looks_once() {
        String name = newEntityName("happened");
        Cursor from = end();
        store().append(first(name, HAPPENED, HAPPENED, HAPPENED));
        Tail tail = store().tail(
                        Selection.all().ofEntity(unique("nobody")),
                        from,
                        TailOptions.defaults().withPageSize(1));
        Set<Cursor> cursors = new HashSet<>();
        for (int i = 0; i < 20 && !tail.cursor().equals(end()); i++) {
            assertThat(tail.next(Duration.ofMillis(-i)).events()).isEmpty();
            cursors.add(tail.cursor());
        }
        assertThat(cursors).as("one position at a time").hasSizeGreaterThanOrEqualTo(3);
        assertThat(CompletableFuture.supplyAsync(() -> tail.next(Duration.ofSeconds(Long.MIN_VALUE))))
                .succeedsWithin(BOUNDED);
        Tail all = store().tail(Selection.all().ofEntity(name), from);
        assertThat(all.next(Duration.ofSeconds(Long.MAX_VALUE)).events()).hasSize(3);
    }

    @Test
    final void TAIL_1_a_tail_whose_pauses_are_longer_than_any_life_has_the_time_of_the_call() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        Tail tail = store().tail(
                        Selection.all().ofEntity(unique("nobody")),
                        end(),
                        TailOptions.defaults().withPauses(longest, longest));
        assertThat(tail.next(SOON).events()).isEmpty();
    }

    @Test
    final void TAIL_1_an_idle_tail_wakes_up_soon_after_an_append() throws Exception {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        CompletableFuture<List<StoredEvent>> next =
                CompletableFuture.supplyAsync(() -> tail.next(BOUNDED).events());
        Thread.sleep(1_000); // by now its pauses are the longest
        AppendResult appended = store().append(first(name, HAPPENED));
        List<StoredEvent> delivered = next.get(5, TimeUnit.SECONDS); // 0.25 s, and what a busy machine takes
        assertThat(ids(delivered)).isEqualTo(ids(appended));
    }

    @Test
    final void TAIL_1_an_idle_tail_asks_ever_less_often() throws SQLException {
        AtomicInteger connections = new AtomicInteger();
        StoreUnderTest counted = storeOn(
                Tampering.with(connections(), call -> {
                    connections.addAndGet(call.connects() ? 1 : 0);
                    return call.proceed();
                }),
                options());
        Tail tail = counted.tail(Selection.all().ofEntity(newEntityName("happened")), end());
        drain(tail);
        connections.set(0);
        assertThat(tail.next(Duration.ofSeconds(2)).events()).isEmpty();
        // pauses of 2, 4, 8 … 128 ms and then 250 ms; what others roll back meanwhile is settled and looked at once
        // more
        assertThat(connections.get()).isBetween(3, 40);
    }

    @Test
    final void TAIL_1_a_successor_of_an_event_that_is_not_committed_never_comes_before_it() throws Exception {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        int stored = 0;
        for (int round = 0; round < 20; round++) {
            boolean kept = round % 3 != 0;
            Append successor;
            CompletableFuture<Boolean> speculation;
            try (Open open = new Open(first(name, HAPPENED))) {
                successor = open.result.head().append(HAPPENED);
                Append eager = successor;
                speculation = CompletableFuture.supplyAsync(() -> speculate(eager));
                Thread.sleep(round % 5);
                if (kept) {
                    open.commit();
                }
            }
            boolean early = speculation.get(SECONDS, TimeUnit.SECONDS);
            if (kept) {
                assertThat(store().append(successor).repeated()).isEqualTo(early);
                stored += 2;
            } else {
                assertThat(early).as("after an event that never was").isFalse();
            }
        }
        List<StoredEvent> events = take(stored, tail);
        assertThat(events).hasSize(stored).isEqualTo(all(name));
        assertThat(events)
                .allSatisfy(event -> assertThat(event.previousId() == null || seenBefore(event, events))
                        .isTrue());
    }

    /** Whether it was stored, at once or after some tries. */
    private boolean speculate(Append successor) {
        for (int attempt = 0; attempt < 5; attempt++) {
            try {
                return !store().append(successor).repeated();
            } catch (StaleAppend refused) {
                assertThat(refused.current().revision()).isZero();
            } catch (StoreUnavailable busy) {
                assertThat(busy.outcomeUnknown()).isFalse();
            }
        }
        return false;
    }

    @Test
    final void TAIL_1_a_successor_that_draws_its_position_before_its_predecessor_draws_another() {
        String name = newEntityName("happened");
        NewEvent[] many = Collections.nCopies(200, HAPPENED).toArray(NewEvent[]::new);
        int rounds = 20;
        for (int round = 0; round < rounds; round++) {
            Entity entity = Entity.of(name, unique("key"));
            UUID id = UUID.randomUUID();
            Append first = Head.beforeFirst(entity).append(HAPPENED.withId(id));
            Append successor =
                    new Head(entity, 1, id, 1).append(many); // its last row is checked long after its first is drawn
            int pause = round % 10;
            List<Race.Outcome<Boolean>> outcomes = Race.run(2, number -> {
                Thread.sleep(number == 0 ? pause : 0);
                return number == 0 ? !store().append(first).repeated() : speculate(successor);
            });
            assertThat(outcomes).allMatch(Race.Outcome::won);
            assertThat(store().append(successor).repeated())
                    .isEqualTo(requireNonNull(outcomes.get(1).value()));
            assertThat(store().replay(entity).events())
                    .hasSize(201)
                    .isSortedAccordingTo(Comparator.comparingLong(StoredEvent::position));
        }
    }

    private static boolean seenBefore(StoredEvent event, List<StoredEvent> events) {
        return events.stream()
                .takeWhile(earlier -> !earlier.equals(event))
                .anyMatch(earlier -> earlier.id().equals(event.previousId()));
    }

    @Test
    final void TAIL_1_a_generator_of_positions_behind_the_ledger_reorders_nothing() throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        Head head = store().append(first(name, HAPPENED)).head();
        Row far = Row.after(head, "happened").with("position", raw().lastPosition() + 10);
        raw().insert(far);
        Append next = store().replay(head.entity()).head().append(HAPPENED);
        boolean seesIt = appendsOrSaysThatItIsBehind(next); // below, where nobody is yet
        assertThat(take(seesIt ? 3 : 2, tail)).hasSize(seesIt ? 3 : 2);
        assertThat(appendsOrSaysThatItIsBehind(next))
                .as("and where all is void")
                .isEqualTo(seesIt);
        mendGenerator(place());
        assertThat(store().append(next).repeated()).isEqualTo(seesIt);
        assertThat(take(seesIt ? 0 : 1, tail)).hasSize(seesIt ? 0 : 1);
        assertThat(all(name)).hasSize(3);
        assertThat(toTheEnd(store().tail(Selection.all().ofEntity(name), Cursor.START)))
                .isEqualTo(all(name));
    }

    @Test
    final void TAIL_1_ATM_2_a_generator_behind_the_ledger_is_named_in_a_joined_transaction_too() throws SQLException {
        String name = newEntityName("happened");
        long last = raw().lastPosition();
        for (int i = 1; i <= 10; i++) {
            raw().insert(Row.after(Head.beforeFirst(Entity.of(name, unique("key"))), "happened")
                    .with("position", last + i));
        }
        boolean seesIt = appendsInATransaction(name);
        if (!fixture().generatorIsExact()) {
            for (int more = 0; !seesIt && more < 10; more++) {
                seesIt = appendsInATransaction(name);
            }
            assertThat(seesIt).as("it drew its way through").isTrue();
        }
        mendGenerator(place());
        store().append(first(name, HAPPENED));
        assertThat(all(name)).hasSize(seesIt ? 12 : 11);
    }

    /** As {@link #appendsOrSaysThatItIsBehind}, in a transaction of the caller's. */
    private boolean appendsInATransaction(String name) throws SQLException {
        try (Connection connection = joining().getConnection()) {
            connection.setAutoCommit(false);
            EventStore joined = store().join(connection);
            Throwable thrown = catchThrowable(() -> joined.append(first(name, HAPPENED)));
            if (thrown != null && fixture().generatorIsExact()) {
                assertThat(thrown).isInstanceOf(SchemaMismatch.class).hasMessageContaining("schema install");
            } else if (thrown != null) {
                assertThat(thrown).isInstanceOfAny(SchemaMismatch.class, TransactionMustRestart.class);
            }
            assertThat(joined.registered()).as("the transaction is usable").isNotEmpty();
            connection.commit();
            connection.setAutoCommit(true);
            return thrown == null;
        }
    }

    /** Whether the append was stored, since some generators see by themselves that they are behind. */
    private boolean appendsOrSaysThatItIsBehind(Append append) {
        Throwable thrown = catchThrowable(() -> store().append(append));
        if (fixture().generatorIsExact()) {
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(SchemaMismatch.class).hasMessageContaining("generator");
            }
            return thrown == null;
        }
        for (int more = 0; thrown != null && more < 20; more++) {
            assertThat(thrown).isInstanceOfAny(SchemaMismatch.class, StoreUnavailable.class);
            thrown = catchThrowable(() -> store().append(append));
        }
        assertThat(thrown).as("it drew its way through").isNull();
        return true;
    }

    @Test
    final void TAIL_1_wherever_a_tail_fails_it_stays_where_it_was_and_can_be_called_again() {
        AtomicReference<Cursor> reached = new AtomicReference<>(end());
        failEverywhere(() -> tailing(reached));
    }

    /** Follows the ledger from what was reached, and says what has been reached now. */
    private Operation tailing(AtomicReference<Cursor> reached) {
        Cursor from = requireNonNull(reached.get());
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        List<UUID> expected = new ArrayList<>();
        try {
            expected.addAll(ids(store().append(first(name, HAPPENED)))); // no replay here: it would settle the holes
            expected.addAll(ids(appendBeyondHoles(name, 2)));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return new Operation() {
            @Override
            public void run(EventStore store) {
                Tail tail = store.tail(selection, from, TailOptions.defaults().withGrace(Duration.ZERO));
                List<StoredEvent> delivered = new ArrayList<>();
                List<RuntimeException> failures = new ArrayList<>();
                while (delivered.size() < 2 && failures.size() < 2) {
                    try {
                        delivered.addAll(tail.next(BOUNDED).events());
                    } catch (EventStoreException e) {
                        failures.add(e);
                    }
                }
                assertThat(ids(delivered)).isEqualTo(expected);
                failures.forEach(failure -> {
                    throw failure;
                });
                reached.set(tail.cursor());
            }

            @Override
            public void check(@Nullable Throwable thrown) {
                // a tail leaves nothing behind but voids
            }
        };
    }

    // ---- TAIL-2 ----

    @Test
    final void TAIL_2_a_position_that_was_rolled_back_is_settled() throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        appendInVain(first(name, HAPPENED, HAPPENED));
        AppendResult appended = store().append(first(name, HAPPENED));
        assertThat(ids(takeSettled(1, tail))).isEqualTo(ids(appended));
        assertThat(tail.waiting()).isEmpty();
    }

    @Test
    final void TAIL_2_a_missing_position_is_settled_when_its_grace_is_over_and_not_before() throws SQLException {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        Cursor from = end();
        AppendResult appended = appendBeyondHoles(name, 3);
        Tail patient = store().tail(selection, from, TailOptions.defaults().withGrace(FOR_EVER));
        assertThat(drain(patient)).isEmpty();
        assertThat(patient.waiting()).isPresent();
        Tail hasty = store().tail(selection, from, TailOptions.defaults().withGrace(Duration.ZERO));
        assertThat(ids(takeSettled(1, hasty))).isEqualTo(ids(appended));
        assertThat(ids(take(1, patient))).as("others may settle it before").isEqualTo(ids(appended));
        assertThat(patient.waiting()).isEmpty();
    }

    @Test
    final void TAIL_2_an_open_writer_holds_up_nothing_that_lies_below_it() throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        appendInVain(first(name, HAPPENED));
        AppendResult below = store().append(first(name, HAPPENED));
        appendInVain(first(name, HAPPENED));
        try (Open open = new Open(first(name, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                assertThat(ids(takeSettled(1, tail))).isEqualTo(ids(below));
                open.commit();
                assertThat(ids(take(1, tail))).isEqualTo(ids(open.result));
                return;
            }
            appendInVain(first(name, HAPPENED));
            AppendResult above = store().append(first(name, HAPPENED));
            assertThat(ids(takeSettled(1, tail))).isEqualTo(ids(below));
            assertThat(drainUntilWaitingFor(open.position(), tail))
                    .as("while all that lies below the open writer is settled")
                    .isEmpty();
            open.commit();
            assertThat(ids(take(2, tail))).isEqualTo(ids(open.result, above));
        }
    }

    @Test
    final void TAIL_1_TAIL_2_a_writer_that_stays_open_for_seconds_is_waited_for() throws SQLException {
        String name = newEntityName("happened");
        TailOptions hasty = TailOptions.defaults().withGrace(Duration.ZERO);
        Tail tail = store().tail(Selection.all().ofEntity(name), end(), hasty);
        try (Open open = new Open(first(name, HAPPENED, HAPPENED, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                return;
            }
            AppendResult above = store().append(first(name, HAPPENED));
            long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            for (int call = 0; System.nanoTime() < until; call++) {
                assertThat(tail.next(call % 3 == 0 ? SOON : Duration.ZERO).events())
                        .as("call %d", call)
                        .isEmpty();
            }
            assertThat(tail.waiting())
                    .hasValueSatisfying(
                            waiting -> assertThat(waiting.position()).isEqualTo(open.position()));
            open.commit();
            assertThat(ids(take(4, tail))).isEqualTo(ids(open.result, above));
        }
        assertThat(toTheEnd(store().tail(Selection.all().ofEntity(name), Cursor.START)))
                .isEqualTo(all(name))
                .hasSize(4);
    }

    @Test
    final void RPL_2_a_replay_waits_for_an_open_writer_as_long_as_it_may_and_names_its_position() throws SQLException {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        StoreUnderTest hasty = storeOn(connections(), options().withPatience(Duration.ofMillis(300)));
        try (Open open = new Open(first(name, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                return;
            }
            AppendResult above = store().append(first(name, HAPPENED));
            assertThatThrownBy(() -> hasty.replay(selection).toList())
                    .isInstanceOfSatisfying(
                            PositionUndecided.class,
                            undecided -> assertThat(undecided.position()).isEqualTo(open.position()));
            open.commit();
            assertThat(ids(hasty.replay(selection).toList())).isEqualTo(ids(open.result, above));
        }
    }

    @Test
    final void RPL_2_a_replay_from_a_position_on_waits_for_nobody_below_it() throws SQLException {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        StoreUnderTest hasty = storeOn(connections(), options().withPatience(Duration.ofMillis(300)));
        try (Open open = new Open(first(name, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                return;
            }
            AppendResult above = store().append(first(name, HAPPENED));
            Selection fromAbove = selection.from(above.head().position());
            assertThat(ids(hasty.replay(fromAbove).toList())).isEqualTo(ids(above));
            assertThat(ids(hasty.replay(fromAbove.inReverse()).toList())).isEqualTo(ids(above));
            for (Selection fromBelow : List.of(selection, selection.inReverse(), selection.from(open.position()))) {
                assertThatThrownBy(() -> hasty.replay(fromBelow).toList())
                        .isInstanceOfSatisfying(
                                PositionUndecided.class,
                                undecided -> assertThat(undecided.position()).isEqualTo(open.position()));
            }
            open.commit();
            assertThat(ids(hasty.replay(selection).toList())).isEqualTo(ids(open.result, above));
        }
    }

    @Test
    final void RPL_2_a_replay_settles_what_is_missing_between_its_beginning_and_its_end() throws SQLException {
        String name = newEntityName("happened");
        Random random = new Random(1);
        for (int round = 0; round < 12; round++) {
            long before = raw().lastPosition();
            List<UUID> events = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                events.addAll(ids(appendBeyondHoles(name, 1))); // so every other position is missing
            }
            StoreUnderTest store = storeOn(connections(), options());
            long rows = raw().rows();
            Set<Integer> settled = new HashSet<>();
            for (int replay = 0; replay < 6; replay++) {
                int from = 1 + random.nextInt(8);
                int to = from + random.nextInt(9 - from);
                Selection part = Selection.all().from(before + from).to(before + to);
                assertThat(ids(store.replay(replay % 2 == 0 ? part : part.inReverse())
                                .sorted(Comparator.comparingLong(StoredEvent::position))
                                .toList()))
                        .as("round %d, from %d to %d", round, from, to)
                        .isEqualTo(events.subList((from - 1) / 2, to / 2));
                IntStream.rangeClosed(from, to).filter(n -> n % 2 == 1).forEach(settled::add);
                assertThat(raw().rows())
                        .as("round %d, from %d to %d, settled %s", round, from, to, settled)
                        .isEqualTo(rows + settled.size());
            }
        }
    }

    @Test
    final void TAIL_2_too_many_positions_in_a_row_hold_up_nothing_that_lies_below_them() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            EventStore hasty = storeOn(as(Role.APPENDER, place), place.options().withPatience(Duration.ofMillis(100)));
            RawLedger raw = new RawLedger(place, fixture(), store);
            List<Long> positions = List.of(1L, 3L, 5L, 20_000_000L, 20_000_002L);
            for (long position : positions) {
                Row row = Row.after(Head.beforeFirst(Entity.of("a", unique("key"))), "happened");
                assertThat(catchThrowable(() -> raw.insert(row.with("position", position))))
                        .isNull();
            }
            Tail tail = store.tail(Selection.all(), Cursor.START);
            assertThat(take(3, tail)).extracting(StoredEvent::position).containsExactly(1L, 3L, 5L);
            assertThat(drain(tail)).isEmpty();
            assertThat(tail.waiting()).hasValueSatisfying(waiting -> {
                assertThat(waiting.position()).isEqualTo(6);
                assertThat(waiting.reason()).contains("by hand");
            });
            for (Selection part : List.of(
                    Selection.all(),
                    Selection.all().to(100),
                    Selection.all().from(6),
                    Selection.all().from(19_999_000),
                    Selection.all().from(19_999_990), // and one more is missing above the run
                    Selection.all().from(10_000_000).to(10_000_100))) {
                assertThatThrownBy(() -> hasty.replay(part).count())
                        .isInstanceOfSatisfying(
                                PositionUndecided.class,
                                undecided ->
                                        assertThat(undecided.position()).isEqualTo(Math.max(6, part.fromPosition())));
            }
            assertThat(raw.rows()).as("events, and voids below the run").isEqualTo(7);
        });
    }

    @Test
    final void TAIL_2_a_failed_import_of_more_than_a_hundred_thousand_events_is_settled() {
        NewEvent[] many = Collections.nCopies(10_000, HAPPENED).toArray(NewEvent[]::new);
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            try (Connection connection = place.dataSource().getConnection()) {
                dialect().prepare(connection);
                connection.setAutoCommit(false);
                EventStore joined = store.join(connection);
                for (int i = 0; i < 11; i++) {
                    joined.append(first("a", many));
                }
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            AppendResult after = store.append(first("a", HAPPENED));
            assertThat(ids(toTheEnd(store.tail(Selection.all(), Cursor.START)))).isEqualTo(ids(after));
            assertThat(ids(store.replay(Selection.all()).toList())).isEqualTo(ids(after));
        });
    }

    @Test
    final void TAIL_2_of_thousands_of_positions_that_are_missing_together_none_is_waited_for_after_the_others()
            throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(
                        Selection.all().ofEntity(name),
                        end(),
                        TailOptions.defaults().withGrace(Duration.ofSeconds(3)));
        appendInVain(first(name, Collections.nCopies(5_000, HAPPENED).toArray(NewEvent[]::new)));
        AppendResult after = store().append(first(name, HAPPENED));
        long began = System.nanoTime();
        assertThat(ids(take(1, tail))).isEqualTo(ids(after));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isLessThan(Duration.ofSeconds(25)); // not ten times the grace
    }

    @Test
    final void TAIL_1_a_call_ends_soon_however_many_positions_are_missing_above_an_open_writer() throws Exception {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        try (Open open = new Open(first(name, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                return;
            }
            appendInVain(first(name, Collections.nCopies(400, HAPPENED).toArray(NewEvent[]::new)));
            store().append(first(name, HAPPENED));
            for (int call = 1; call <= 10; call++) {
                long began = System.nanoTime();
                assertThat(tail.next(Duration.ZERO).events()).isEmpty();
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("call %d", call)
                        .isLessThan(fixture().lockWait().multipliedBy(2).plusSeconds(1));
                Thread.sleep(30); // more than the grace of a hole
            }
            open.commit();
        }
        assertThat(toTheEnd(tail)).isEqualTo(all(name)).hasSize(2);
    }

    @Test
    final void TAIL_2_a_writer_that_waits_for_another_holds_up_nothing_below_them() throws Exception {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        Append contested = first(name, HAPPENED);
        appendInVain(first(name, HAPPENED));
        try (Open open = new Open(contested)) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                return;
            }
            raw().insert(Row.voidAt(open.position() + 1)); // the other writer loses this one, and so takes the gate
            CompletableFuture<Throwable> other = CompletableFuture.supplyAsync(() -> catchThrowable(
                    () -> store().append(contested.parts().get(0).after().append(HAPPENED))));
            Thread.sleep(200); // so that it waits by now
            store().append(first(name, HAPPENED));
            assertThat(drainUntilWaitingFor(open.position(), tail)).isEmpty();
            assertThat(other).isNotDone();
            open.commit();
            assertThat(other.get(SECONDS, TimeUnit.SECONDS)).isInstanceOf(StaleAppend.class);
        }
        assertThat(toTheEnd(tail)).isEqualTo(all(name)).hasSize(2);
    }

    @Test
    final void RPL_2_TAIL_2_missing_positions_far_apart_are_settled_together() {
        int events = 200;
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            RawLedger raw = new RawLedger(place, fixture(), store);
            for (int from = 1;
                    from <= events;
                    from += 50) { // few at once: there are limits to a statement's parameters
                Row[] rows = LongStream.range(from, from + 50)
                        .mapToObj(n -> Row.after(Head.beforeFirst(Entity.of("a", unique("key"))), "happened")
                                .with("position", 3 * n))
                        .toArray(Row[]::new);
                assertThat(catchThrowable(() -> raw.insert(rows))).isNull();
            }
            mendGenerator(place);
            AtomicInteger connections = new AtomicInteger();
            StoreUnderTest counted = storeOn(
                    Tampering.with(as(Role.APPENDER, place), call -> {
                        connections.addAndGet(call.connects() ? 1 : 0);
                        return call.proceed();
                    }),
                    place.options());
            assertThat(counted.replay(Selection.all())).hasSize(events);
            assertThat(connections).hasValueLessThan(events / 5);
            assertThat(raw.rows()).isEqualTo(3L * events);
        });
    }

    @Test
    final void TAIL_2_appends_that_take_long_get_through_whatever_is_settled_meanwhile() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            assertLargeAppendsGetThrough(storeOn(as(Role.APPENDER, place), place.options()));
        });
    }

    private static void assertLargeAppendsGetThrough(StoreUnderTest store) {
        Tail tail =
                store.tail(Selection.all(), Cursor.START, TailOptions.defaults().withGrace(Duration.ZERO));
        NewEvent large = NewEvent.of("happened", "{\"text\":\"" + "large ".repeat(500_000) + "\"}");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> {
            int stored = 0;
            for (; !done.get(); stored++) {
                store.append(first("a", HAPPENED));
            }
            return stored;
        });
        CompletableFuture<List<Long>> follower = CompletableFuture.supplyAsync(() -> {
            List<Long> positions = new ArrayList<>();
            while (!done.get()) {
                tail.next(SOON).events().forEach(event -> positions.add(event.position()));
            }
            return positions;
        });
        int appends = 4;
        try {
            for (int i = 0; i < appends; i++) {
                assertThat(store.append(first("a", large, large, large)).repeated())
                        .isFalse();
                assertThat(store.append(first(
                                        "a",
                                        Collections.nCopies(1_000, HAPPENED).toArray(NewEvent[]::new)))
                                .repeated())
                        .isFalse();
            }
        } finally {
            done.set(true);
        }
        List<Long> positions = await(follower);
        toTheEnd(tail).forEach(event -> positions.add(event.position()));
        assertThat(positions)
                .hasSize(await(others) + appends * 1_003)
                .isEqualTo(
                        store.replay(Selection.all()).map(StoredEvent::position).toList());
    }

    @Test
    final void TAIL_2_readers_that_settle_the_same_positions_deliver_the_same() throws SQLException {
        String name = newEntityName("happened");
        Cursor from = end();
        int events = 30;
        for (int i = 0; i < events; i++) {
            appendBeyondHoles(name, 1 + i % 3);
        }
        long rows = raw().rows();
        TailOptions hasty = TailOptions.defaults().withGrace(Duration.ZERO);
        List<Tail> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readers.add(storeOn(connections(), options()).tail(Selection.all().ofEntity(name), from, hasty));
        }
        List<Race.Outcome<List<StoredEvent>>> outcomes =
                Race.run(readers.size(), number -> take(events, readers.get(number)));
        assertThat(outcomes).extracting(Race.Outcome::value).containsOnly(all(name));
        assertThat(raw().rows()).as("one void for each missing position").isEqualTo(rows + 2L * events);
    }

    @Test
    final void TAIL_2_a_writer_whose_positions_became_void_takes_others() throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        long last = store().append(first(name, HAPPENED)).head().position();
        raw().insert(Row.voidAt(last + 1), Row.voidAt(last + 2), Row.voidAt(last + 3));
        AppendResult one = store().append(first(name, HAPPENED));
        assertThat(one.head().position()).as("a position that is not void").isGreaterThan(last + 3);
        last = one.head().position();
        raw().insert(Row.voidAt(last + 2), Row.voidAt(last + 3));
        AppendResult several = store().append(first(name, HAPPENED, HAPPENED, HAPPENED));
        raw().insert(Row.voidAt(several.head().position() + 1));
        try (Open joined = new Open(first(name, HAPPENED))) {
            joined.commit();
            List<StoredEvent> events = take(6, tail);
            assertThat(ids(events))
                    .hasSize(6)
                    .endsWith(ids(one, several, joined.result).toArray(UUID[]::new));
            assertThat(events).isEqualTo(all(name));
        }
    }

    @Test
    final void TAIL_2_a_writer_that_comes_while_a_position_is_made_void_is_stored_once() throws Exception {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            CompletableFuture<AppendResult> writer;
            try (Connection fence = place().dataSource().getConnection()) {
                fence.setAutoCommit(false);
                raw().insert(fence, sql -> sql, Row.voidAt(raw().lastPosition() + 1));
                writer = CompletableFuture.supplyAsync(() -> store().append(first(name, HAPPENED, HAPPENED)));
                Thread.sleep(20);
                if (round % 2 == 0) {
                    fence.commit();
                }
                fence.rollback();
                fence.setAutoCommit(true);
            }
            assertThat(writer.get(SECONDS, TimeUnit.SECONDS).repeated()).isFalse();
        }
        assertThat(take(2 * rounds, tail)).hasSize(2 * rounds).isEqualTo(all(name));
    }

    @Test
    final void TAIL_2_nothing_of_a_users_can_look_like_a_void() {
        String key = "~void:1";
        assertThatThrownBy(() -> first("a", HAPPENED).withKey(key)).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> Entity.of("a", key)).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> Entity.of("~void", "key")).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> NewEvent.of("~void", "{}")).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> EntityType.of("~void", "happened")).isInstanceOf(InvalidEvent.class);
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            RawLedger raw = new RawLedger(place, fixture(), store);
            Row row = Row.after(Head.beforeFirst(Entity.of("a", "key")), "happened");
            raw.assertRefused("a void's append key", row.with("append_key", key));
            raw.assertRefused("a void's entity key", row.with("entity_key", key));
            raw.assertRefused("an event of ~void", Row.voidAt(1).with("event", "happened"));
            raw.assertRefused("a void's event", row.with("event", "~void"));
            raw.assertStored(row);
        });
    }

    // ---- TAIL-3 ----

    @Test
    final void TAIL_3_a_tail_that_waits_says_for_which_position_since_when_and_why() throws SQLException {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        store().append(first(newEntityName("happened"), HAPPENED));
        Cursor from = end();
        appendInVain(first(name, HAPPENED));
        assertThat(raw().lastPosition()).isPositive();
        AppendResult above = appendBeyondHoles(name, 2);
        long first = above.head().position() - 2;
        AtomicInteger attempts = new AtomicInteger();
        Tail reader = storeOn(
                        Tampering.with(as(Role.READER, place()), call -> {
                            attempts.addAndGet(call.inserts() ? 1 : 0);
                            return call.proceed();
                        }),
                        options())
                .tail(selection, from);
        Instant before = Instant.now();
        Tail.Waiting waiting = waitingBecause("can't settle", reader);
        int sofar = attempts.get();
        assertThat(reader.next(Duration.ofSeconds(2)).events()).isEmpty();
        assertThat(attempts.get() - sofar)
                .as("what the database has to refuse meanwhile")
                .isLessThanOrEqualTo(3);
        assertThat(waiting.position()).isEqualTo(first);
        assertThat(waiting.since()).isBetween(before.minusMillis(1), Instant.now());
        assertThat(drain(reader)).isEmpty();
        assertThat(reader.waiting().orElseThrow().since()).isEqualTo(waiting.since());
        assertThat(ids(take(1, store().tail(selection, from)))).isEqualTo(ids(above));
        assertThat(ids(take(1, reader))).isEqualTo(ids(above));
        assertThat(reader.waiting()).isEmpty();
    }

    @Test
    final void TAIL_3_a_tail_that_waits_for_an_open_writer_says_so() throws SQLException {
        String name = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(name), end());
        try (Open open = new Open(first(name, HAPPENED))) {
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
                assertThat(drain(tail)).isEmpty();
                assertThat(tail.waiting()).as("nothing can lie above").isEmpty();
                return;
            }
            store().append(first(name, HAPPENED));
            Tail.Waiting waiting = waitingBecause("open", tail);
            assertThat(waiting.position()).isEqualTo(open.position());
            assertThat(waiting.toString()).contains(String.valueOf(open.position()));
        }
        assertThat(take(1, tail)).hasSize(1);
        assertThat(tail.waiting()).isEmpty();
    }

    // ---- TAIL-4 ----

    @Test
    final void TAIL_4_from_the_cursor_of_any_page_the_rest_is_the_same() throws SQLException {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        Cursor from = end();
        for (int i = 0; i < 5; i++) {
            store().append(first(name, HAPPENED, HAPPENED));
            appendInVain(first(name, HAPPENED));
            appendBeyondHoles(name, 2);
        }
        List<StoredEvent> all = all(name);
        Tail tail = store().tail(selection, from, TailOptions.defaults().withPageSize(1));
        int seen = 0;
        while (seen < all.size()) {
            Tail.Page page = tail.next(BOUNDED);
            assertThat(page.events()).as("a page of one position").hasSize(1);
            assertThat(page.events().get(0)).isEqualTo(all.get(seen++));
            Cursor cursor = new Cursor(page.cursor().token());
            assertThat(toTheEnd(store().tail(selection, cursor))).isEqualTo(all.subList(seen, all.size()));
        }
    }

    @Test
    final void TAIL_4_a_cursor_that_does_not_fit_the_ledger_is_refused() {
        String name = newEntityName("happened");
        store().append(first(name, HAPPENED));
        String token = end().token();
        String position = token.substring(0, token.indexOf('-'));
        Cursor other = new Cursor(position + "-00000000-0000-0000-0000-000000000000");
        assertThatThrownBy(() -> store().tail(Selection.all(), other).next(Duration.ZERO))
                .isInstanceOf(CursorRefused.class);
        for (String made : List.of(
                "17",
                position,
                "x",
                "-" + token,
                token + "0",
                "99" + token + " ",
                "5-" + "-".repeat(36),
                "0" + token)) {
            assertThatThrownBy(() -> store().tail(Selection.all(), new Cursor(made)))
                    .as(made)
                    .isInstanceOf(CursorRefused.class);
        }
    }

    @Test
    final void TAIL_4_a_cursor_beyond_what_the_server_still_has_is_refused() {
        String name = newEntityName("happened");
        store().append(first(name, HAPPENED));
        Cursor before = end();
        onEmptyStore((place, restored) -> {
            restored.register(EntityType.of(name, "happened"));
            Append append = first(name, HAPPENED);
            restored.append(append);
            assertThatThrownBy(() -> restored.tail(Selection.all(), before).next(Duration.ZERO))
                    .as("the same ledger, restored to an earlier state")
                    .isInstanceOf(CursorRefused.class)
                    .hasMessageContaining("Cursor.START");
            assertThat(toTheEnd(restored.tail(Selection.all(), Cursor.START))).hasSize(1);
        });
    }

    @Test
    final void TAIL_4_a_cursor_above_a_position_that_the_server_has_lost_is_refused() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            Row[] rows = LongStream.of(1, 3)
                    .mapToObj(n -> Row.after(Head.beforeFirst(Entity.of("a", unique("key"))), "happened")
                            .with("position", n))
                    .toArray(Row[]::new);
            assertThat(catchThrowable(() -> new RawLedger(place, fixture(), store).insert(rows)))
                    .isNull();
            Cursor delivered = new Cursor("3-" + rows[1].id());
            assertThatThrownBy(() -> store.tail(Selection.all(), delivered).next(Duration.ZERO))
                    .as("whoever got as far as 3 has had 2")
                    .isInstanceOf(CursorRefused.class);
            assertThat(toTheEnd(store.tail(Selection.all(), Cursor.START))).hasSize(2);
            assertThat(toTheEnd(store.tail(Selection.all(), delivered))).isEmpty();
        });
    }

    @Test
    final void TAIL_4_a_tail_selects_by_names_only() {
        for (Selection bounded : List.of(
                Selection.all().limit(1),
                Selection.all().from(2),
                Selection.all().to(9),
                Selection.all().inReverse())) {
            assertThatThrownBy(() -> store().tail(bounded, Cursor.START)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    // ---- SEC-2, ERR-3 ----

    @Test
    final void SEC_2_TAIL_2_a_follower_settles_and_stores_nothing_else() throws SQLException {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        Cursor from = end();
        AppendResult appended = appendBeyondHoles(name, 3);
        EventStore follower = storeOn(as(Role.FOLLOWER, place()), options());
        assertThat(ids(take(1, follower.tail(selection, from)))).isEqualTo(ids(appended));
        appendBeyondHoles(name, 2);
        assertThat(follower.replay(selection)).as("a replay settles too").hasSize(2);
        Throwable append = catchThrowable(() -> follower.append(first(name, HAPPENED)));
        Throwable register = catchThrowable(() -> follower.register(EntityType.of(unique("entity"), "x")));
        assertThat(append instanceof StoreFailure)
                .as("append: %s", append)
                .isEqualTo(fixture().hasRoles());
        assertThat(register instanceof StoreFailure)
                .as("register: %s", register)
                .isEqualTo(fixture().hasRoles());
        assertThat(all(name)).hasSize(fixture().hasRoles() ? 2 : 3);
    }

    @Test
    final void SEC_2_a_follower_can_make_a_position_void_and_nothing_else() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            Head head = store.append(first("a", HAPPENED)).head();
            RawLedger raw = new RawLedger(place, fixture(), store).as(as(Role.FOLLOWER, place));
            for (String target :
                    fixture().hasRoles() ? List.of("event_ledger", "event_void") : List.of("event_ledger")) {
                for (String change : List.of("UPDATE {t} SET data = data", "DELETE FROM {t}")) {
                    String sql = change.replace("{t}", table(place, target));
                    raw.assertUnchanged(sql, () -> raw.execute(sql), true);
                }
            }
            Row event = Row.after(Head.beforeFirst(Entity.of("a", "key")), "happened");
            if (!fixture().hasRoles()) {
                raw.assertStored(event); // there is one kind of user who may write
                return;
            }
            raw.assertThrows("an event", event);
            raw.assertThrows("a void in the ledger itself", Row.voidAt(2));
            RawLedger view = raw.into("event_void");
            view.assertThrows("an event", event(2));
            view.assertThrows(
                    "an event that looks like a void",
                    Row.voidAt(2).with("entity", "a").with("event", "happened"));
            view.assertThrows("a void of another position", Row.voidAt(2).with("position", 3L));
            view.assertThrows("at an event's position", Row.voidAt(head.position()));
            long rows = raw.rows();
            assertThat(catchThrowable(() -> view.insert(Row.voidAt(2)))).isNull();
            assertThat(raw.rows()).isEqualTo(rows + 1);
        });
    }

    /** An event that breaks no rule, in the columns that a void has. */
    private static Row event(long position) {
        return Row.voidAt(position)
                .with("entity", "a")
                .with("entity_key", "other")
                .with("append_key", "other")
                .with("event", "happened");
    }

    @Test
    final void ERR_3_a_pool_of_one_connection_is_enough() throws SQLException {
        String name = newEntityName("happened");
        Cursor from = end();
        AppendResult beyond = appendBeyondHoles(name, 2);
        try (var one = Server.poolOfOne(as(Role.APPENDER, place()))) {
            EventStore store = storeOn(one, options());
            Append append = first(name, HAPPENED, HAPPENED);
            Head head = store.append(append).head();
            assertThat(store.append(append).repeated()).isTrue();
            assertThatThrownBy(() -> store.append(append.withKey("another"))).isInstanceOf(EventStoreException.class);
            assertThat(take(3, store.tail(Selection.all().ofEntity(name), from)))
                    .isEqualTo(store.replay(Selection.all().ofEntity(name)).toList());
            List<Head> nested = new ArrayList<>();
            store.replay(
                    beyond.head().entity(),
                    event -> nested.add(
                            store.append(event.head().append(HAPPENED)).head()));
            assertThat(nested).hasSize(1);
            assertThat(storeOn(one, options()).verify().clean()).isTrue();
            assertThat(store.replay(head.entity()).events()).hasSize(2);
        }
        try (var one = Server.poolOfOne(joining())) {
            var store = storeOn(one, options());
            Head head = Head.beforeFirst(Entity.of(name, "joined"));
            try (Connection connection = one.getConnection()) {
                connection.setAutoCommit(false);
                EventStore joined = store.join(connection);
                Head first = joined.append(head.append(HAPPENED)).head();
                assertThatThrownBy(() -> joined.append(head.append(HAPPENED))).isInstanceOf(EventStoreException.class);
                joined.append(first.append(HAPPENED));
                assertThat(joined.replay(Selection.all().of(head.entity()))).hasSize(2);
                connection.commit();
            }
            assertThat(store.replay(head.entity()).events()).hasSize(2);
        }
    }
}
