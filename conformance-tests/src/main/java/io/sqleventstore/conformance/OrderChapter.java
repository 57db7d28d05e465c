package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.conformance.RawLedger.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chapter ORD of the contract. */
abstract class OrderChapter extends RegistryChapter {
    private static final int RACERS = 8;
    private static final int ROUNDS = 200;
    private static final int ROUNDS_OF_TWO_ENTITIES = 100;
    private static final int ROUNDS_AT_A_LEVEL = 40;
    private static final int RAW_ROUNDS = 50;

    /** How long a row may take to meet one that is not committed; a test that goes on too early proves less, but never fails. */
    private static final int MEET_MILLIS = 100;

    private static final int SECONDS = 120;

    private static final NewEvent HAPPENED = NewEvent.of("happened", "{\"n\":1}");
    private static final NewEvent FOLLOWED = NewEvent.of("followed", "{\"n\":2}");

    private Entity anEntity() {
        return newEntity("happened", "followed");
    }

    private static NewEvent numbered(int number) {
        return NewEvent.of("happened", "{\"n\":" + number + "}");
    }

    private static List<NewEvent> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(OrderChapter::numbered).toList();
    }

    private static Append first(Entity entity, NewEvent... events) {
        return Head.beforeFirst(entity).append(events);
    }

    /** Asserts that the append is refused because of a part that follows one head instead of the other. */
    private void assertStale(String what, Append append, Head named, Head current) {
        StaleAppend refusal = catchThrowableOfType(StaleAppend.class, () -> store().append(append));
        assertThat(refusal).as(what).isNotNull();
        assertThat(refusal.expected()).as(what).isEqualTo(named);
        assertThat(refusal.current()).as(what).isEqualTo(current);
    }

    /** As above, of one event after the named head. */
    private void assertStale(String what, Head named, Head current) {
        assertStale(what, named.append(FOLLOWED), named, current);
    }

    /** Asserts that the events are one line from the first, each linked to the one before. */
    private static void assertLinear(List<StoredEvent> events) {
        assertThat(events)
                .extracting(StoredEvent::revision)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
        assertThat(events).extracting(StoredEvent::id).doesNotHaveDuplicates();
        @Nullable UUID before = null;
        for (StoredEvent event : events) {
            assertThat(event.previousId()).isEqualTo(before);
            before = event.id();
        }
    }

    // ---- ORD-1 ----

    @Test
    final void ORD_1_the_first_event_has_no_previous_event() {
        Entity entity = anEntity();
        Head head = store().append(first(entity, HAPPENED)).head();
        assertThat(head.revision()).isEqualTo(1);
        List<StoredEvent> events = store().replay(entity).events();
        assertThat(events).extracting(StoredEvent::head).containsExactly(head);
        assertThat(events.get(0).previousId()).isNull();
    }

    @Test
    final void ORD_1_a_second_first_event_is_refused() {
        Entity entity = anEntity();
        Head none = Head.beforeFirst(entity);
        Head head = store().append(first(entity, HAPPENED)).head();
        assertStale("the same event again", none.append(HAPPENED), none, head);
        assertStale("another event", none.append(FOLLOWED), none, head);
        assertStale("several events", none.append(FOLLOWED, HAPPENED), none, head);
        Head later = store().append(head.append(FOLLOWED, HAPPENED)).head();
        assertStale("a first event of a longer history", none, later);
        assertThat(store().replay(entity).events()).hasSize(3);
    }

    @Test
    final void ORD_1_each_key_of_each_entity_name_has_a_first_event_of_its_own() {
        List<String> names = List.of(newEntityName("happened"), newEntityName("happened"));
        for (String name : names) {
            for (String key : List.of("key", "KEY", "key2", "k")) {
                Entity entity = Entity.of(name, key);
                assertThat(store().append(first(entity, HAPPENED)).head().revision())
                        .isEqualTo(1);
                assertLinear(store().replay(entity).events());
            }
        }
    }

    // ---- ORD-2 ----

    @Test
    final void ORD_2_a_stale_append_is_refused_with_the_head_that_works() {
        Entity entity = anEntity();
        List<Head> heads = new ArrayList<>(List.of(Head.beforeFirst(entity)));
        Head newest = store().append(first(entity, HAPPENED)).head();
        for (int i = 0; i < 10; i++) {
            for (Head stale : heads) {
                assertStale("revision %d of %d".formatted(stale.revision(), newest.revision()), stale, newest);
            }
            heads.add(newest);
            Head outdated = heads.get(0);
            StaleAppend refusal =
                    catchThrowableOfType(StaleAppend.class, () -> store().append(outdated.append(FOLLOWED)));
            newest = store().append(requireNonNull(refusal).current().append(HAPPENED))
                    .head();
            assertThat(newest.revision()).isEqualTo(i + 2);
        }
        List<StoredEvent> events = store().replay(entity).events();
        assertLinear(events);
        assertThat(events).hasSize(11).extracting(StoredEvent::name).containsOnly("happened");
    }

    @Test
    final void ORD_2_a_made_up_head_is_refused() {
        Entity entity = anEntity();
        AppendResult stored = store().append(first(entity, HAPPENED, FOLLOWED, HAPPENED));
        Head newest = stored.head();
        UUID id = requireNonNull(newest.eventId());
        UUID earlierId = requireNonNull(stored.heads().get(1).eventId());
        long position = newest.position();
        assertStale("another id", new Head(entity, 3, UUID.randomUUID(), position), newest);
        assertStale("an earlier id", new Head(entity, 3, earlierId, position), newest);
        assertStale("an earlier revision", new Head(entity, 2, id, position), newest);
        assertStale("the first revision", new Head(entity, 1, id, position), newest);
        assertStale("the next revision", new Head(entity, 4, id, position), newest);
        assertStale("a future event", new Head(entity, 4, UUID.randomUUID(), position + 1), newest);
        assertStale("a far future event", new Head(entity, 1_000_000, UUID.randomUUID(), position), newest);
        assertStale("the last revision", new Head(entity, Long.MAX_VALUE - 1, UUID.randomUUID(), position), newest);
        assertThat(store().replay(entity).head()).isEqualTo(newest);
        assertThat(store().append(newest.append(FOLLOWED)).head().revision()).isEqualTo(4);
    }

    @Test
    final void ORD_2_the_position_in_a_head_is_not_judged() {
        Entity entity = anEntity();
        Head first = store().append(Head.beforeFirst(entity).append(HAPPENED)).head();
        Head tooHigh = new Head(entity, 1, first.eventId(), first.position() + 1_000_000);
        Head second = store().append(tooHigh.append(HAPPENED)).head();
        assertThat(second.revision()).isEqualTo(2);
        Head tooLow = new Head(entity, 2, second.eventId(), 1);
        assertThat(store().append(tooLow.append(HAPPENED)).head().position()).isGreaterThan(second.position());
        assertLinear(store().replay(entity).events());
    }

    @Test
    final void ORD_2_a_head_of_an_entity_without_events_is_refused() {
        Entity entity = anEntity();
        for (long revision : new long[] {1, 2, 17}) {
            assertStale(
                    "revision " + revision, new Head(entity, revision, UUID.randomUUID(), 1), Head.beforeFirst(entity));
        }
        assertThat(store().replay(entity).events()).isEmpty();
        assertThat(store().append(first(entity, HAPPENED)).head().revision()).isEqualTo(1);
    }

    @Test
    final void ORD_2_one_stale_part_refuses_the_append_whichever_it_is() {
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            heads.add(store().append(first(anEntity(), HAPPENED)).head());
        }
        for (int stale = 0; stale < heads.size(); stale++) {
            Head current = heads.get(stale);
            Head named = new Head(current.entity(), 1, UUID.randomUUID(), current.position());
            List<Head> after = new ArrayList<>(heads);
            after.set(stale, named);
            Append append = after.stream()
                    .map(head -> head.append(FOLLOWED, HAPPENED))
                    .reduce(Append::and)
                    .orElseThrow();
            assertStale("part " + stale, append, named, current);
        }
        for (Head head : heads) {
            assertThat(store().replay(head.entity()).head()).isEqualTo(head);
        }
    }

    // ---- ORD-3 ----

    @Test
    final void ORD_3_an_event_of_another_entity_is_no_previous_event() {
        String name = newEntityName("happened", "followed");
        String otherName = newEntityName("happened", "followed");
        Entity a = Entity.of(name, "key");
        List<Head> headsOfA = store().append(first(a, HAPPENED, FOLLOWED)).heads();
        for (Entity b : List.of(Entity.of(name, "key2"), Entity.of(otherName, "key"), Entity.of(otherName, "b"))) {
            for (Head headOfA : headsOfA) {
                assertStale("before the first event of " + b, transplanted(headOfA, b), Head.beforeFirst(b));
            }
            List<Head> headsOfB = store().append(first(b, FOLLOWED, HAPPENED)).heads();
            for (Head headOfA : headsOfA) {
                assertStale("after the second event of " + b, transplanted(headOfA, b), headsOfB.get(1));
            }
            assertThat(store().replay(b).head()).isEqualTo(headsOfB.get(1));
            assertLinear(store().replay(b).events());
        }
        assertThat(store().replay(a).head()).isEqualTo(headsOfA.get(1));
    }

    private static Head transplanted(Head head, Entity entity) {
        return new Head(entity, head.revision(), head.eventId(), head.position());
    }

    @Test
    final void ORD_3_an_event_of_the_same_append_is_no_previous_event_of_another_entity() {
        Entity a = anEntity();
        Entity b = anEntity();
        UUID id = UUID.randomUUID();
        Head named = new Head(b, 1, id, 1);
        Append append = first(a, HAPPENED.withId(id)).and(named.append(FOLLOWED));
        assertStale("after an event of the same append", append, named, Head.beforeFirst(b));
        assertThat(store().replay(a).events()).isEmpty();
        assertThat(store().replay(b).events()).isEmpty();
    }

    // ---- ORD-4 ----

    /** Asserts that one append was stored and every other refused as stale, with the winner's heads; returns the winner's. */
    private static AppendResult assertOneWon(List<Race.Outcome<AppendResult>> outcomes) {
        List<AppendResult> winners = outcomes.stream()
                .filter(Race.Outcome::won)
                .map(each -> requireNonNull(each.value()))
                .toList();
        assertThat(winners).as("winners").hasSize(1);
        AppendResult winner = winners.get(0);
        assertThat(winner.repeated()).isFalse();
        assertThat(outcomes)
                .filteredOn(each -> !each.won())
                .allSatisfy(each -> assertThat(each.refusal())
                        .isInstanceOfSatisfying(
                                StaleAppend.class,
                                stale -> assertThat(winner.heads()).contains(stale.current())));
        return winner;
    }

    @Test
    final void ORD_4_of_concurrent_first_events_one_is_stored() {
        String name = newEntityName("happened", "followed");
        List<Head> winners = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Entity entity = Entity.of(name, "key" + round);
            winners.add(assertOneWon(Race.run(RACERS, number -> store().append(first(entity, numbered(number)))))
                    .head());
        }
        assertThat(all(name)).extracting(StoredEvent::head).containsExactlyElementsOf(winners);
        assertThat(winners).extracting(Head::revision).containsOnly(1L);
    }

    @Test
    final void ORD_4_of_concurrent_successors_one_is_stored() {
        Entity entity = anEntity();
        List<Head> winners = new ArrayList<>();
        winners.add(store().append(first(entity, HAPPENED)).head());
        for (int round = 0; round < ROUNDS; round++) {
            Head head = winners.get(round);
            winners.add(assertOneWon(Race.run(RACERS, number -> store().append(head.append(numbered(number)))))
                    .head());
        }
        List<StoredEvent> events = store().replay(entity).events();
        assertLinear(events);
        assertThat(events).extracting(StoredEvent::head).containsExactlyElementsOf(winners);
    }

    @Test
    final void ORD_4_of_concurrent_batches_of_different_sizes_one_is_stored() {
        Entity entity = anEntity();
        List<Head> stored = new ArrayList<>();
        Head head = Head.beforeFirst(entity);
        for (int round = 0; round < ROUNDS_OF_TWO_ENTITIES; round++) {
            Head after = head;
            AppendResult winner = assertOneWon(Race.run(
                    RACERS, number -> store().append(after.append(numbered(0, number * number + 1)))));
            stored.addAll(winner.heads());
            head = winner.head();
        }
        List<StoredEvent> events = store().replay(entity).events();
        assertLinear(events);
        assertThat(events).extracting(StoredEvent::head).containsExactlyElementsOf(stored);
    }

    @Test
    final void ORD_4_of_concurrent_appends_to_two_entities_in_either_order_one_is_stored() {
        Entity a = anEntity();
        Entity b = anEntity();
        Head headOfA = Head.beforeFirst(a);
        Head headOfB = Head.beforeFirst(b);
        for (int round = 1; round <= ROUNDS_OF_TWO_ENTITIES; round++) {
            Head afterA = headOfA;
            Head afterB = headOfB;
            assertOneWon(Race.run(RACERS, number -> {
                Append toA = afterA.append(numbered(number), FOLLOWED);
                Append toB = afterB.append(numbered(number));
                return store().append(number % 2 == 0 ? toA.and(toB) : toB.and(toA));
            }));
            headOfA = store().replay(a).head();
            headOfB = store().replay(b).head();
            assertThat(headOfA.revision()).isEqualTo(2L * round);
            assertThat(headOfB.revision()).isEqualTo(round);
        }
        List<StoredEvent> eventsOfA = store().replay(a).events();
        List<StoredEvent> eventsOfB = store().replay(b).events();
        assertLinear(eventsOfA);
        assertLinear(eventsOfB);
        assertThat(eventsOfB)
                .extracting(StoredEvent::appendKey)
                .as("who won A won B")
                .containsExactlyElementsOf(eventsOfA.stream()
                        .map(StoredEvent::appendKey)
                        .distinct()
                        .toList());
    }

    @Test
    final void ORD_4_appends_that_overlap_in_a_ring_of_entities_leave_every_entity_linear() {
        int entities = 4;
        List<Entity> ring =
                IntStream.range(0, entities).mapToObj(i -> anEntity()).toList();
        long stored = 0;
        for (int round = 0; round < ROUNDS_OF_TWO_ENTITIES; round++) {
            List<Head> heads =
                    ring.stream().map(entity -> store().replay(entity).head()).toList();
            List<Race.Outcome<AppendResult>> outcomes = Race.run(RACERS, number -> {
                Append one = heads.get(number % entities).append(numbered(number));
                return store().append(one.and(heads.get((number + 1) % entities).append(numbered(number))));
            });
            assertThat(outcomes).anyMatch(Race.Outcome::won);
            assertThat(outcomes)
                    .filteredOn(each -> !each.won())
                    .allSatisfy(each -> assertThat(each.refusal()).isInstanceOf(StaleAppend.class));
            stored += 2 * outcomes.stream().filter(Race.Outcome::won).count();
        }
        List<StoredEvent> events = ring.stream()
                .map(entity -> store().replay(entity).events())
                .peek(OrderChapter::assertLinear)
                .flatMap(List::stream)
                .toList();
        assertThat(events).hasSize((int) stored);
    }

    @Test
    final void ORD_4_at_every_isolation_level_of_the_stores_own_sessions_one_is_stored() {
        for (int level : isolationLevels()) {
            StoreUnderTest atLevel = storeOn(
                    Tampering.with(connections(), call -> {
                        Object result = call.proceed();
                        if (result instanceof Connection connection) {
                            connection.setTransactionIsolation(level);
                        }
                        return result;
                    }),
                    options());
            Entity entity = anEntity();
            Head head = Head.beforeFirst(entity);
            for (int round = 0; round < ROUNDS_AT_A_LEVEL; round++) {
                Head after = head;
                head = assertOneWon(Race.run(RACERS, number -> atLevel.append(after.append(numbered(number)))))
                        .head();
            }
            List<StoredEvent> events = store().replay(entity).events();
            assertLinear(events);
            assertThat(events).as("at level " + level).hasSize(ROUNDS_AT_A_LEVEL);
        }
    }

    // ---- ORD-5 ----

    @Test
    final void ORD_5_revisions_count_from_1_and_positions_grow() {
        Entity entity = anEntity();
        Entity other = anEntity();
        Head head = Head.beforeFirst(entity);
        Head otherHead = Head.beforeFirst(other);
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            AppendResult result = store().append(head.append(numbered(0, i % 4 + 1)));
            heads.addAll(result.heads());
            head = result.head();
            otherHead = store().append(otherHead.append(numbered(i))).head();
            assertStale("in between", Head.beforeFirst(entity), head);
        }
        assertLinear(store().replay(entity).events());
        assertThat(store().replay(entity).events())
                .extracting(StoredEvent::head)
                .containsExactlyElementsOf(heads);
        assertThat(heads).hasSize(100).extracting(Head::revision).last().isEqualTo(100L);
        assertLinear(store().replay(other).events());
    }

    @Test
    final void ORD_5_positions_of_1200_events_grow_as_they_were_given() {
        Entity entity = anEntity();
        Entity other = anEntity();
        AppendResult result = store().append(first(entity, HAPPENED, FOLLOWED)
                .and(Head.beforeFirst(other).append(numbered(0, 1_200))));
        assertThat(result.heads()).extracting(Head::position).isSorted().doesNotHaveDuplicates();
        List<StoredEvent> events = store().replay(other).events();
        assertLinear(events);
        assertThat(events)
                .extracting(StoredEvent::data)
                .containsExactlyElementsOf(
                        numbered(0, 1_200).stream().map(NewEvent::data).toList());
        List<StoredEvent> inPositionOrder = all(other.name());
        assertThat(inPositionOrder).isEqualTo(events);
        assertThat(inPositionOrder).extracting(StoredEvent::appendIndex).isSorted();
        AppendResult next = store().append(store().replay(entity).head().append(numbered(0, 1_200)));
        assertThat(next.heads()).extracting(Head::position).isSorted().doesNotHaveDuplicates();
        assertThat(next.heads().get(0).position())
                .isGreaterThan(events.get(1_199).position());
        assertLinear(store().replay(entity).events());
    }

    /** One append, and when it was begun and had returned on a clock that all threads share. */
    private record Timed(long began, long returned, List<Head> heads) {
        long lowest() {
            return heads.get(0).position();
        }

        long highest() {
            return heads.get(heads.size() - 1).position();
        }
    }

    @Test
    final void ORD_5_what_returned_before_another_append_began_has_lower_positions() {
        AtomicLong clock = new AtomicLong();
        StoreUnderTest second = storeOn(connections(), options());
        List<Entity> entities =
                IntStream.range(0, RACERS).mapToObj(i -> anEntity()).toList();
        List<Race.Outcome<List<Timed>>> outcomes = Race.run(RACERS, number -> {
            List<Timed> mine = new ArrayList<>();
            Head head = Head.beforeFirst(entities.get(number));
            for (int i = 0; i < 40; i++) {
                Append append = head.append(numbered(0, (number + i) % 3 + 1));
                long began = clock.incrementAndGet();
                AppendResult result = (i % 2 == 0 ? store() : second).append(append);
                mine.add(new Timed(began, clock.incrementAndGet(), result.heads()));
                head = result.head();
            }
            return mine;
        });
        assertThat(outcomes).as("appends that nobody else is in the way of").allMatch(Race.Outcome::won);
        List<Timed> appends = outcomes.stream()
                .flatMap(outcome -> requireNonNull(outcome.value()).stream())
                .toList();
        assertThat(appends).hasSize(RACERS * 40);
        for (Timed one : appends) {
            for (Timed other : appends) {
                if (one.returned() < other.began()) {
                    assertThat(one.highest())
                            .as("%s returned before %s began", one, other)
                            .isLessThan(other.lowest());
                }
            }
        }
    }

    @Test
    final void ORD_5_appends_that_threads_hand_to_each_other_have_ascending_positions() throws InterruptedException {
        List<Long> positions = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 60; i++) {
            Append append = first(anEntity(), HAPPENED, FOLLOWED);
            Thread writer =
                    new Thread(() -> store().append(append).heads().forEach(head -> positions.add(head.position())));
            writer.start();
            writer.join(60_000);
            store().append(first(anEntity(), HAPPENED)).heads().forEach(head -> positions.add(head.position()));
        }
        assertThat(positions).hasSize(180).isSorted().doesNotHaveDuplicates();
    }

    // ---- ORD-6 ----

    /**
     * A small ledger to attack, in a place of its own.
     *
     * @param raw its table
     * @param store the store
     * @param a the heads of an entity with three events
     * @param b the heads of an entity of another name with two events
     * @param none before the first event of an entity without events, of the first one's name
     */
    private record Target(RawLedger raw, StoreUnderTest store, List<Head> a, List<Head> b, Head none) {
        Head newestOfA() {
            return a.get(2);
        }

        Row next() {
            return Row.after(newestOfA(), "happened");
        }

        Row first() {
            return Row.after(none, "happened");
        }
    }

    /** Attacks a small ledger, then looks whether it is as good as new. */
    private void attack(Consumer<Target> attacks) {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened", "followed"), EntityType.of("b", "happened"));
            List<Head> a = store.append(first(Entity.of("a", "key"), HAPPENED, FOLLOWED, HAPPENED))
                    .heads();
            List<Head> b = store.append(first(Entity.of("b", "key"), HAPPENED, HAPPENED))
                    .heads();
            RawLedger raw = new RawLedger(place, fixture(), store);
            attacks.accept(new Target(raw, store, a, b, Head.beforeFirst(Entity.of("a", "none"))));
            raw.assertClean();
            // positions that were written by hand may have left the generator of positions behind
            mendGenerator(place);
            Head head = store.append(store.replay(a.get(0).entity()).head().append(FOLLOWED))
                    .head();
            assertThat(head.revision()).isGreaterThanOrEqualTo(4);
            assertLinear(store.replay(head.entity()).events());
        });
    }

    private static UUID id(Head head) {
        return requireNonNull(head.eventId());
    }

    @Test
    final void ORD_6_rows_written_by_hand_that_keep_the_rules_are_stored() {
        attack(target -> {
            RawLedger raw = target.raw();
            Row first = target.first();
            raw.assertStored(first);
            raw.assertStored(target.next());
            Head newest = target.store().replay(target.none().entity()).head();
            assertThat(newest.eventId()).isEqualTo(first.id());
            Row second = Row.after(newest, "followed");
            Row third = Row.after(new Head(newest.entity(), 2, second.id(), 1), "happened");
            raw.assertStored(second, third);
            // at a position of its own choice, a little further on; what it leaves out becomes void
            long chosen = target.store().replay(target.none().entity()).head().position() + 3;
            raw.assertStored(Row.after(target.b().get(1), "happened").with("position", chosen));
        });
    }

    @Test
    final void ORD_6_a_second_first_event_is_refused() {
        attack(target -> {
            Row again = Row.after(Head.beforeFirst(target.newestOfA().entity()), "followed");
            target.raw().assertRefused("a second first event", again);
            target.raw().assertRefused("two first events at once", target.first(), target.first());
        });
    }

    @Test
    final void ORD_6_a_view_lets_nothing_in_that_the_table_would_refuse() {
        attack(target -> {
            RawLedger view = target.raw().into("replay_events");
            Row second = Row.after(Head.beforeFirst(target.newestOfA().entity()), "followed");
            Row unregistered = Row.after(target.none(), "unregistered");
            for (Row row : List.of(second, unregistered)) {
                row.values().keySet().removeAll(List.of("prior_revision", "previous_id", "metadata"));
                view.assertThrows("an insert into a view", row);
            }
        });
    }

    @Test
    final void ORD_6_a_fork_is_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            for (Head earlier : target.a().subList(0, 2)) {
                Row fork = Row.after(earlier, "followed");
                raw.assertRefused("a fork after revision " + earlier.revision(), fork);
                raw.assertRefused("a fork at the end of the line", fork.linked(4, 3L, earlier.eventId()));
                raw.assertRefused("a fork beside the line", fork.linked(4, earlier.revision(), earlier.eventId()));
            }
            raw.assertRefused("two successors at once", target.next(), target.next());
            raw.assertRefused(
                    "two successors of one event, at two revisions",
                    target.next(),
                    target.next().linked(5, 4L, id(target.newestOfA())));
        });
    }

    @Test
    final void ORD_6_a_skipped_revision_is_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            UUID newest = id(target.newestOfA());
            for (long revision : new long[] {5, 6, 100, 1L << 40, Long.MAX_VALUE}) {
                raw.assertRefused("revision " + revision, target.next().linked(revision, revision - 1, newest));
                raw.assertRefused(
                        "revision " + revision + " of a new entity",
                        target.first().linked(revision, revision - 1, newest));
                raw.assertRefused(
                        "revision " + revision + " after revision 3",
                        target.next().linked(revision, 3L, newest));
            }
            Row skipping = target.next().linked(5, 4L, UUID.randomUUID());
            raw.assertRefused("a hole before an event that nobody has", skipping);
        });
    }

    @Test
    final void ORD_6_a_wrong_previous_event_is_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            Row next = target.next();
            raw.assertRefused("an id that no event has", next.with("previous_id", UUID.randomUUID()));
            raw.assertRefused("the nil id", next.with("previous_id", new UUID(0, 0)));
            raw.assertRefused("the event's own id", next.with("previous_id", next.id()));
            raw.assertRefused("no previous id", next.with("previous_id", null));
            raw.assertRefused("no previous revision", next.with("prior_revision", null));
            raw.assertRefused("no previous event at revision 4", next.linked(4, null, null));
            raw.assertRefused("no previous event at revision 2", target.first().linked(2, null, null));
            raw.assertRefused(
                    "an earlier event", next.with("previous_id", id(target.a().get(1))));
            for (long lie : new long[] {-1, 0, 1, 2, 4, 5}) {
                raw.assertRefused("a previous revision " + lie, next.with("prior_revision", lie));
            }
            Row first = target.first();
            raw.assertRefused("a first event after the previous one", first.linked(1, 0L, id(target.newestOfA())));
            raw.assertRefused("a first event with a previous revision", first.linked(1, 0L, null));
            raw.assertRefused("a first event with a previous id", first.linked(1, null, id(target.newestOfA())));
            raw.assertRefused("a first event after itself", first.linked(1, 1L, first.id()));
        });
    }

    @Test
    final void ORD_3_ORD_6_a_previous_event_of_another_entity_is_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            for (Head of : target.b()) {
                raw.assertRefused(
                        "after revision 3, of another name", target.next().with("previous_id", of.eventId()));
                raw.assertRefused(
                        "of another name", target.first().linked(of.revision() + 1, of.revision(), of.eventId()));
            }
            for (Head of : target.a()) {
                raw.assertRefused(
                        "of another key", target.first().linked(of.revision() + 1, of.revision(), of.eventId()));
            }
            Row first = target.first();
            raw.assertRefused(
                    "of an entity in the same statement", first, target.next().with("previous_id", first.id()));
        });
    }

    @Test
    final void ORD_6_events_in_a_circle_are_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            Row one = target.first();
            Row two = target.first();
            Row three = target.first();
            for (long revision : new long[] {0, 1, 2, 4}) {
                raw.assertRefused("a loop at " + revision, one.linked(revision, revision, one.id()));
                raw.assertRefused("a loop from " + revision, one.linked(revision, revision - 1, one.id()));
                raw.assertRefused(
                        "two in a circle, one revision",
                        one.linked(revision, revision, two.id()),
                        two.linked(revision, revision, one.id()));
            }
            raw.assertRefused("two in a circle", one.linked(2, 3L, two.id()), two.linked(3, 2L, one.id()));
            raw.assertRefused("two in a circle", one.linked(3, 2L, two.id()), two.linked(2, 3L, one.id()));
            raw.assertRefused("two in a circle", one.linked(2, 1L, two.id()), two.linked(3, 2L, one.id()));
            raw.assertRefused("two in a circle", one.linked(1, 0L, two.id()), two.linked(2, 1L, one.id()));
            raw.assertRefused(
                    "three in a circle",
                    one.linked(2, 1L, three.id()),
                    two.linked(3, 2L, one.id()),
                    three.linked(4, 3L, two.id()));
        });
    }

    @Test
    final void ORD_6_a_revision_below_1_is_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            for (long revision : new long[] {0, -1, -2, Long.MIN_VALUE + 1}) {
                Row row = target.first();
                raw.assertRefused("a first event at " + revision, row.linked(revision, null, null));
                raw.assertRefused(
                        "an event at " + revision, row.linked(revision, revision - 1, id(target.newestOfA())));
                raw.assertRefused(
                        "an event of A at " + revision,
                        target.next().linked(revision, revision - 1, id(target.newestOfA())));
            }
            raw.assertRefused(
                    "revisions -1 and 0",
                    target.first().linked(-1, null, null),
                    target.first().linked(0, -1L, id(target.newestOfA())));
        });
    }

    @Test
    final void ORD_6_nothing_that_is_unique_is_taken_twice() {
        attack(target -> {
            RawLedger raw = target.raw();
            List<StoredEvent> events = raw.events();
            assertThat(events).hasSize(5);
            for (StoredEvent event : events) {
                Row next = target.next();
                raw.assertRefused("a reused event id", next.with("event_id", event.id()));
                raw.assertRefused("a reused position", next.with("position", event.position()));
                raw.assertRefused(
                        "a reused append key and index",
                        next.with("append_key", event.appendKey()).with("append_index", event.appendIndex()));
            }
            Row one = target.next();
            Row two = target.first();
            raw.assertRefused("an event id twice", one, two.with("event_id", one.id()));
            raw.assertRefused("a position twice", one.with("position", 1_000L), two.with("position", 1_000L));
            raw.assertRefused(
                    "an append key and index twice",
                    one,
                    two.with("append_key", one.values().get("append_key")));
            raw.assertRefused("a negative position", one.with("position", -1L));
            if (fixture().drawsForZero()) {
                raw.assertStored(one.with("position", 0L));
                assertLinear(target.store().replay(target.newestOfA().entity()).events());
            } else {
                raw.assertRefused("position 0", one.with("position", 0L));
            }
        });
    }

    @Test
    final void ORD_6_names_and_keys_that_the_store_would_refuse_are_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            Row next = target.next();
            Row first = target.first();
            raw.assertRefused("an unregistered event", next.with("event", "unheard-of"));
            raw.assertRefused("an unregistered entity", first.with("entity", "unheard-of"));
            raw.assertRefused(
                    "an event of another entity's", first.with("entity", "b").with("event", "followed"));
            raw.assertRefused("another letter case", first.with("entity", "A"));
            raw.assertRefused("another letter case", first.with("event", "Happened"));
            raw.assertRefused("a trailing blank in the entity", first.with("entity", "a "));
            raw.assertRefused("a trailing blank in the event", first.with("event", "happened "));
            for (String illegal : List.of(
                    "",
                    " ",
                    "key ",
                    " key",
                    "key\t",
                    "\nkey",
                    "key\u00a0",
                    "\u00a0key",
                    "key\u3000",
                    "~",
                    "~key",
                    "~void:11")) {
                raw.assertRefused("entity key '" + illegal + "'", first.with("entity_key", illegal));
                raw.assertRefused("append key '" + illegal + "'", first.with("append_key", illegal));
                raw.assertRefused("later append key '" + illegal + "'", next.with("append_key", illegal));
            }
            raw.assertRefused("append index -1", first.with("append_index", -1));
            raw.assertRefused("later append index -1", next.with("append_index", -1));
            for (String column : List.of(
                    "event_id", "entity", "entity_key", "revision", "event", "append_key", "append_index", "data")) {
                raw.assertRefused("no " + column, first.with(column, null));
            }
        });
    }

    @Test
    final void ORD_6_a_void_of_a_wrong_shape_is_refused() {
        attack(target -> {
            RawLedger raw = target.raw();
            Row good = Row.voidAt(8);
            raw.assertRefused("another position", good.with("position", 9L));
            raw.assertRefused("another entity key", good.with("entity_key", "~void:9"));
            raw.assertRefused("another append key", good.with("append_key", "~void:9"));
            raw.assertRefused("other keys", good.with("entity_key", "~void:9").with("append_key", "~void:9"));
            raw.assertRefused("a user's entity key", good.with("entity_key", "key"));
            raw.assertRefused("a user's append key", good.with("append_key", "key"));
            raw.assertRefused("a user's event", good.with("event", "happened"));
            raw.assertRefused("a user's entity", good.with("entity", "a"));
            raw.assertRefused("a void of a user's entity", target.first().with("event", "~void"));
            raw.assertRefused(
                    "a user's event that has a void's keys",
                    good.with("entity", "a").with("event", "happened"));
            raw.assertRefused("append index 1", good.with("append_index", 1));
            raw.assertRefused("revision 2", good.linked(2, 1L, id(target.a().get(0))));
            raw.assertRefused(
                    "a void at an event's position",
                    Row.voidAt(target.newestOfA().position()));
            List<StoredEvent> before = raw.events();
            long rows = raw.rows();
            try {
                raw.insert(good);
            } catch (SQLException e) {
                throw new AssertionError("a void of the right shape", e);
            }
            assertThat(raw.rows()).as("before a replay settles what lies below").isEqualTo(rows + 1);
            assertThat(raw.events()).isEqualTo(before);
            Row second = good.linked(2, 1L, good.id()).with("position", 9L).with("event_id", UUID.randomUUID());
            raw.assertRefused("a void after a void", second);
            raw.assertRefused("a void with a key of its own after a void", second.with("append_key", "key"));
            raw.assertRefused("an event at a void's position", target.next().with("position", 8L));
        });
    }

    @Test
    final void ORD_6_what_is_no_json_document_is_refused() {
        attack(target -> {
            for (String document : List.of(
                    "",
                    " ",
                    "{",
                    "[1,]",
                    "{\"a\":1,}",
                    "{'a':1}",
                    "{a:1}",
                    "nonsense",
                    "1",
                    "\"text\"",
                    "true",
                    "null",
                    "{} {}")) {
                for (String column : List.of("data", "metadata")) {
                    target.raw()
                            .assertThrows(
                                    column + " '" + document + "'",
                                    target.next().with(column, document));
                }
            }
        });
    }

    @Test
    final void ORD_6_an_insert_that_would_overwrite_changes_nothing() {
        attack(target -> {
            RawLedger raw = target.raw();
            List<UnaryOperator<String>> rewritings = fixture().overwritingInserts();
            assertThat(rewritings).isNotEmpty();
            for (UnaryOperator<String> rewritten : rewritings) {
                String as = rewritten.apply("INSERT INTO t");
                List<StoredEvent> events = raw.events();
                for (int i = 0; i < events.size(); i++) {
                    StoredEvent event = events.get(i);
                    Head newest =
                            target.store().replay(target.newestOfA().entity()).head();
                    Row next = Row.after(newest, "happened");
                    Row same = next.with("entity", event.entity().name())
                            .with("entity_key", event.entity().key())
                            .linked(event.revision(), priorOf(event), event.previousId());
                    for (Row row : List.of(
                            next.with("position", event.position()),
                            next.with("event_id", event.id()),
                            next.with("append_key", event.appendKey()).with("append_index", event.appendIndex()),
                            same,
                            same.with("event_id", event.id()),
                            same.with("event_id", event.id()).with("position", event.position()))) {
                        raw.assertUnchanged(as + " over event " + i, () -> raw.insert(rewritten, row), false);
                    }
                }
                Head newest = target.store().replay(target.newestOfA().entity()).head();
                raw.assertStoredOrAppendOnly(rewritten, Row.after(newest, "happened"));
            }
        });
    }

    private static @Nullable Long priorOf(StoredEvent event) {
        return event.revision() == 1 ? null : Long.valueOf(event.revision() - 1);
    }

    /** Inserts the rows, one statement each, in one transaction of that level, in a session as the store's or as any. */
    private void insertAt(int level, boolean prepared, RawLedger raw, Row... rows) throws SQLException {
        try (Connection connection = raw.connect()) {
            if (prepared) {
                dialect().prepare(connection);
            }
            connection.setTransactionIsolation(level);
            connection.setAutoCommit(false);
            try {
                for (Row row : rows) {
                    raw.insert(connection, UnaryOperator.identity(), row);
                }
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    @Test
    final void ORD_6_no_isolation_level_lets_a_wrong_row_in() {
        attack(target -> {
            RawLedger raw = target.raw();
            for (int level : isolationLevels()) {
                Head newest = target.store().replay(target.newestOfA().entity()).head();
                UUID newestId = id(newest);
                Row next = Row.after(newest, "happened");
                Row nextAgain = Row.after(newest, "followed");
                Row[][] attacks = {
                    {Row.after(Head.beforeFirst(newest.entity()), "happened")},
                    {target.first(), target.first()},
                    {Row.after(target.a().get(0), "happened")},
                    {next, nextAgain},
                    {next.linked(newest.revision() + 2, newest.revision() + 1, newestId)},
                    {next.with("previous_id", UUID.randomUUID())},
                    {next.with("previous_id", id(target.b().get(1)))},
                    {next.with("event_id", newestId)},
                    {next.with("event", "unheard-of")},
                };
                for (int i = 0; i < attacks.length; i++) {
                    Row[] rows = attacks[i];
                    for (boolean prepared : new boolean[] {false, true}) {
                        String what = "attack %d at level %d, prepared: %s".formatted(i, level, prepared);
                        raw.assertUnchanged(what, () -> insertAt(level, prepared, raw, rows), true);
                    }
                }
                List<StoredEvent> before = raw.events();
                try {
                    insertAt(level, false, raw, next);
                } catch (SQLException e) {
                    throw new AssertionError("the control at level " + level, e);
                }
                assertThat(raw.events()).hasSize(before.size() + 1);
            }
        });
    }

    @Test
    final void ORD_4_ORD_6_of_rows_that_race_at_any_isolation_level_one_is_stored() {
        attack(target -> {
            RawLedger raw = target.raw();
            for (int level : isolationLevels()) {
                Head head = target.store().replay(target.newestOfA().entity()).head();
                for (int round = 0; round < RAW_ROUNDS; round++) {
                    Head none = Head.beforeFirst(Entity.of("a", "race" + level + "-" + round));
                    assertOneStored(level, raw, none);
                    assertOneStored(level, raw, head);
                    Head next = target.store().replay(head.entity()).head();
                    assertThat(next.revision()).isEqualTo(head.revision() + 1);
                    assertThat(target.store().replay(none.entity()).events()).hasSize(1);
                    head = next;
                }
                assertLinear(target.store().replay(head.entity()).events());
            }
        });
    }

    private void assertOneStored(int level, RawLedger raw, Head head) {
        List<Race.Outcome<Boolean>> outcomes = Race.run(2, number -> isStored(level, raw, Row.after(head, "happened")));
        assertThat(outcomes)
                .as("who stored a row after %s at level %d", head, level)
                .extracting(Race.Outcome::value)
                .containsExactlyInAnyOrder(true, false);
    }

    @Test
    final void ORD_4_ORD_6_a_row_beside_one_that_is_not_committed_is_stored_only_if_that_one_never_is() {
        attack(target -> {
            for (int level : isolationLevels()) {
                for (boolean kept : new boolean[] {true, false}) {
                    Head none = Head.beforeFirst(Entity.of("a", "beside" + level + kept));
                    Head newest =
                            target.store().replay(target.newestOfA().entity()).head();
                    for (Head head : List.of(none, newest)) {
                        Row first = Row.after(head, "happened");
                        Row second = Row.after(head, "followed");
                        assertThat(isStoredMeanwhile(level, target.raw(), first, second, kept))
                                .as("after %s at level %d, the other one is kept: %s", head, level, kept)
                                .isEqualTo(!kept);
                        assertThat(target.store().replay(head.entity()).head().eventId())
                                .isEqualTo(kept ? first.id() : second.id());
                    }
                }
            }
        });
    }

    @Test
    final void ORD_2_ORD_6_a_row_after_one_that_is_not_committed_is_never_stored_without_it() {
        attack(target -> {
            for (int level : isolationLevels()) {
                for (boolean kept : new boolean[] {true, false}) {
                    assertNeverStoredWithoutTheOneBefore(level, kept, target.raw(), target.store());
                    assertNeverStoredWithoutTheOneBefore(
                            level, kept, target.raw().selecting(), target.store());
                }
            }
        });
    }

    private void assertNeverStoredWithoutTheOneBefore(int level, boolean kept, RawLedger raw, StoreUnderTest store) {
        Entity entity = Entity.of("a", unique("after"));
        Row first = Row.after(Head.beforeFirst(entity), "happened");
        Row second = Row.after(new Head(entity, 1, first.id(), 1), "followed");
        boolean stored = isStoredMeanwhile(level, raw, first, second, kept);
        List<StoredEvent> events = store.replay(entity).events();
        assertLinear(events);
        assertThat(events).as("at level %d, the first is kept: %s", level, kept).hasSize(!kept ? 0 : stored ? 2 : 1);
    }

    /** Inserts the second row while the first is there but not committed; then the first is committed, or rolled back. */
    private boolean isStoredMeanwhile(int level, RawLedger raw, Row first, Row second, boolean kept) {
        try (Connection connection = raw.connect()) {
            dialect().prepare(connection);
            connection.setTransactionIsolation(level);
            connection.setAutoCommit(false);
            raw.insert(connection, UnaryOperator.identity(), first);
            CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> isStored(level, raw, second));
            try {
                other.get(MEET_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // it waits for the first row's fate
            }
            if (kept) {
                connection.commit();
            } else {
                connection.rollback();
            }
            connection.setAutoCommit(true);
            return other.get(SECONDS, TimeUnit.SECONDS);
        } catch (SQLException | InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("two rows at level " + level, e);
        }
    }

    private boolean isStored(int level, RawLedger raw, Row row) {
        try (Connection connection = raw.connect()) {
            dialect().prepare(connection);
            connection.setTransactionIsolation(level);
            raw.insert(connection, UnaryOperator.identity(), row);
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }
}
