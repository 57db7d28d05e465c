package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chapter ORD of the contract. */
abstract class OrderChapter extends RegistryChapter {
    private static final int RACERS = 8;
    private static final int ROUNDS = 150;
    private static final int ROUNDS_OF_TWO_ENTITIES = 100;

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
        SqlEventStore second = storeOn(connections(), options());
        List<Entity> entities =
                IntStream.range(0, RACERS).mapToObj(i -> anEntity()).toList();
        List<Timed> appends = Race.run(RACERS, number -> {
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
                })
                .stream()
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
}
