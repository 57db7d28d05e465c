package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chapter DUP of the contract. */
abstract class DeduplicationChapter extends OrderChapter {
    private static final Set<Fault> REFUSALS = Set.of(Fault.UNIQUE, Fault.FOREIGN_KEY, Fault.CHECK);
    private static final int ROUNDS = 200;

    private static final NewEvent HAPPENED = NewEvent.of("happened", "{\"n\":1}");
    private static final NewEvent FOLLOWED = NewEvent.of("followed", "{\"n\":2}");

    private Entity anEntity() {
        return newEntity("happened", "followed");
    }

    private static Append first(Entity entity, NewEvent... events) {
        return Head.beforeFirst(entity).append(events).withKey(unique("command"));
    }

    private static NewEvent numbered(int number) {
        return NewEvent.of("happened", "{\"n\":" + number + "}");
    }

    private static List<NewEvent> numbered(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(DeduplicationChapter::numbered)
                .toList();
    }

    /** Asserts that it is the original result, marked as repeated, and that the append is stored once. */
    private void assertRepeated(AppendResult again, AppendResult original) {
        assertThat(again).isEqualTo(new AppendResult(original.key(), true, original.heads()));
        assertStoredOnce(original);
    }

    /** Asserts that exactly the heads of the result are stored under its key. */
    private void assertStoredOnce(AppendResult result) {
        assertThat(storedUnder(result)).extracting(StoredEvent::head).containsExactlyElementsOf(result.heads());
    }

    private List<StoredEvent> storedUnder(AppendResult result) {
        return result.heads().stream()
                .map(head -> head.entity().name())
                .distinct()
                .flatMap(name -> all(name).stream())
                .filter(event -> event.appendKey().equals(result.key()))
                .toList();
    }

    // ---- DUP-1 ----

    @Test
    final void DUP_1_a_retry_gets_the_original_result() {
        Append append = first(anEntity(), HAPPENED, FOLLOWED);
        AppendResult original = store().append(append);
        assertThat(original.repeated()).isFalse();
        assertThat(original.key()).isEqualTo(append.key());
        for (int retry = 0; retry < 3; retry++) {
            assertRepeated(store().append(append), original);
        }
    }

    @Test
    final void DUP_1_a_retry_gets_the_original_result_after_the_entity_has_moved_on() {
        Append append = first(anEntity(), HAPPENED);
        AppendResult original = store().append(append);
        Head head = original.head();
        for (int i = 0; i < 5; i++) {
            head = store().append(head.append(FOLLOWED)).head();
            assertRepeated(store().append(append), original);
        }
    }

    @Test
    final void DUP_1_a_command_that_restarts_and_replays_its_own_event_gets_the_original_result() {
        Entity entity = anEntity();
        Append append = first(entity, HAPPENED, FOLLOWED);
        AppendResult original = store().append(append);
        Append rebuilt = store().replay(entity).append(HAPPENED, FOLLOWED).withKey(append.key());
        assertThat(rebuilt).isNotEqualTo(append);
        assertRepeated(store().append(rebuilt), original);
    }

    @Test
    final void DUP_1_a_retry_for_several_entities_may_name_them_in_another_order() {
        Append one = first(anEntity(), HAPPENED);
        Append two = first(anEntity(), FOLLOWED, HAPPENED);
        Append three = first(anEntity(), FOLLOWED);
        AppendResult original = store().append(one.and(two).and(three));
        assertRepeated(store().append(three.and(one).and(two).withKey(one.key())), original);
        assertRepeated(store().append(two.and(three).and(one).withKey(one.key())), original);
    }

    @Test
    final void DUP_1_a_retry_through_another_store_gets_the_original_result() {
        Append append = first(anEntity(), HAPPENED);
        AppendResult original = store().append(append);
        assertRepeated(storeOn(connections(), options()).append(append), original);
    }

    @Test
    final void DUP_1_of_copies_that_arrive_at_once_one_is_stored_and_all_get_its_result() {
        String name = newEntityName("happened", "followed");
        for (int round = 0; round < ROUNDS; round++) {
            Append append = first(Entity.of(name, "key" + round), HAPPENED, FOLLOWED);
            assertOneOfTheCopiesIsStored(Race.run(8, number -> store().append(append)));
        }
        assertThat(all(name)).hasSize(2 * ROUNDS);
    }

    @Test
    final void DUP_1_of_copies_for_several_entities_that_arrive_at_once_one_is_stored() {
        String name = newEntityName("happened", "followed");
        for (int round = 0; round < 50; round++) {
            Append one = first(Entity.of(name, "one" + round), HAPPENED);
            Append two = first(Entity.of(name, "two" + round), FOLLOWED);
            assertOneOfTheCopiesIsStored(Race.run(
                    6,
                    number -> store().append(
                                    number % 2 == 0
                                            ? one.and(two)
                                            : two.and(one).withKey(one.key()))));
        }
        assertThat(all(name)).hasSize(2 * 50);
    }

    private static void assertOneOfTheCopiesIsStored(List<Race.Outcome<AppendResult>> outcomes) {
        assertThat(outcomes).allMatch(Race.Outcome::won, "no copy is refused");
        List<AppendResult> results =
                outcomes.stream().map(each -> requireNonNull(each.value())).toList();
        assertThat(results)
                .extracting(AppendResult::heads)
                .containsOnly(results.get(0).heads());
        assertThat(results)
                .filteredOn(each -> !each.repeated())
                .as("results not repeated")
                .hasSize(1);
    }

    // ---- DUP-2 ----

    @Test
    final void DUP_2_the_same_key_with_other_content_is_refused_and_nothing_is_stored() {
        Entity entity = anEntity();
        AppendResult original = store().append(first(entity, HAPPENED, FOLLOWED));
        otherContents(entity).forEach((what, other) -> {
            assertKeyReused(what, other.withKey(original.key()), original);
            assertThat(store().replay(other.parts().get(0).entity()).events())
                    .as(what)
                    .filteredOn(event -> !original.heads().contains(event.head()))
                    .isEmpty();
        });
        assertStoredOnce(original);
    }

    /** What is not the append of HAPPENED and FOLLOWED to the entity, but resembles it. */
    private Map<String, Append> otherContents(Entity entity) {
        Entity otherName = anEntity();
        Entity otherKey = Entity.of(entity.name(), "Key");
        Head head = store().replay(entity).head();
        Map<String, Append> others = new LinkedHashMap<>();
        others.put("other data", head.append(HAPPENED, numbered(3)));
        others.put("white space in data", head.append(NewEvent.of("happened", "{\"n\": 1}"), FOLLOWED));
        others.put("white space after data", head.append(NewEvent.of("happened", "{\"n\":1} "), FOLLOWED));
        others.put("another number of equal value", head.append(NewEvent.of("happened", "{\"n\":1.0}"), FOLLOWED));
        others.put("an escape in data", head.append(NewEvent.of("happened", "{\"\\u006e\":1}"), FOLLOWED));
        others.put("other event name", head.append(NewEvent.of("followed", "{\"n\":1}"), FOLLOWED));
        others.put("event name that is not registered", head.append(NewEvent.of("unknown", "{\"n\":1}"), FOLLOWED));
        others.put("other entity name", Head.beforeFirst(otherName).append(HAPPENED, FOLLOWED));
        others.put("other entity key", Head.beforeFirst(otherKey).append(HAPPENED, FOLLOWED));
        others.put("other order", head.append(FOLLOWED, HAPPENED));
        others.put("other data and a stale head", Head.beforeFirst(entity).append(HAPPENED, numbered(3)));
        others.put("fewer events", head.append(HAPPENED));
        others.put("more events", head.append(HAPPENED, FOLLOWED, HAPPENED));
        others.put(
                "the same events, split over two entities",
                head.append(HAPPENED).and(Head.beforeFirst(otherKey).append(FOLLOWED)));
        others.put(
                "the same events and one of another entity",
                head.append(HAPPENED, FOLLOWED).and(Head.beforeFirst(otherName).append(HAPPENED)));
        return others;
    }

    private void assertKeyReused(String what, Append other, AppendResult original) {
        AppendKeyReused refusal = catchThrowableOfType(AppendKeyReused.class, () -> store().append(other));
        assertThat(refusal).as(what).isNotNull();
        assertThat(refusal.original()).as(what).isEqualTo(new AppendResult(original.key(), true, original.heads()));
        assertThat(refusal).as(what).hasMessageContaining(original.key());
    }

    @Test
    final void DUP_2_metadata_event_ids_and_previous_event_are_not_content() {
        Entity entity = anEntity();
        UUID id = UUID.randomUUID();
        Append append = first(entity, HAPPENED.withMetadata("{\"trace\":1}").withId(id));
        AppendResult original = store().append(append);
        AppendResult later = store().append(original.head().append(FOLLOWED));
        Head head = original.head();
        Head madeUp = new Head(entity, 7, UUID.randomUUID(), 99);
        for (Append same : List.of(
                head.append(HAPPENED),
                later.head().append(HAPPENED.withMetadata("{\"trace\":2}")),
                Head.beforeFirst(entity).append(HAPPENED.withId(UUID.randomUUID())),
                head.append(HAPPENED.withId(requireNonNull(later.head().eventId()))),
                madeUp.append(HAPPENED))) {
            assertRepeated(store().append(same.withKey(append.key())), original);
        }
        StoredEvent stored = store().replay(entity).events().get(0);
        assertThat(stored.id()).isEqualTo(id);
        assertThat(stored.metadata()).isEqualTo("{\"trace\":1}");
        assertThat(stored.previousId()).isNull();
    }

    @Test
    final void DUP_2_keys_that_differ_in_case_or_code_points_are_different_keys() {
        Entity entity = anEntity();
        String key = unique("command") + "é";
        for (String each : List.of(
                key, key.toUpperCase(java.util.Locale.ROOT), key.replace("é", "e"), key.replace("é", "e\u0301"))) {
            AppendResult result =
                    store().append(store().replay(entity).append(HAPPENED).withKey(each));
            assertThat(result.repeated()).as(each).isFalse();
        }
        assertThat(store().replay(entity).events()).hasSize(4);
    }

    @Test
    final void DUP_2_of_different_contents_racing_for_one_key_one_is_stored() {
        String name = newEntityName("happened", "followed");
        for (int round = 0; round < ROUNDS; round++) {
            String key = unique("command");
            String place = "key" + round;
            boolean sameEntity = round % 2 == 0;
            assertOneTookTheKey(Race.run(4, number -> {
                Entity entity = Entity.of(name, sameEntity ? place : place + "-" + number);
                return store().append(Head.beforeFirst(entity)
                        .append(numbered(number))
                        .withKey(key));
            }));
        }
        assertThat(all(name)).hasSize(ROUNDS).extracting(StoredEvent::appendKey).doesNotHaveDuplicates();
    }

    private static void assertOneTookTheKey(List<Race.Outcome<AppendResult>> outcomes) {
        List<Race.Outcome<AppendResult>> won =
                outcomes.stream().filter(Race.Outcome::won).toList();
        assertThat(won).as("winners").hasSize(1);
        AppendResult winner = requireNonNull(won.get(0).value());
        assertThat(winner.repeated()).isFalse();
        for (Race.Outcome<AppendResult> each : outcomes) {
            if (!each.won()) {
                assertThat(each.refusal())
                        .isInstanceOfSatisfying(
                                AppendKeyReused.class,
                                refusal ->
                                        assertThat(refusal.original().heads()).isEqualTo(winner.heads()));
            }
        }
    }

    @Test
    final void DUP_2_an_event_id_that_is_taken_is_refused_under_another_key() {
        Entity entity = anEntity();
        UUID id = UUID.randomUUID();
        Head head = store().append(first(entity, HAPPENED.withId(id))).head();
        Entity other = anEntity();
        for (Append append : List.of(
                head.append(FOLLOWED.withId(id)),
                first(other, FOLLOWED.withId(id)),
                first(other, FOLLOWED, HAPPENED.withId(id)))) {
            assertThatThrownBy(() -> store().append(append))
                    .isInstanceOfSatisfying(
                            EventIdReused.class,
                            refusal -> assertThat(refusal.id()).isEqualTo(id));
        }
        assertThat(store().replay(entity).events()).hasSize(1);
        assertThat(store().replay(other).events()).isEmpty();
    }

    // ---- DUP-3 ----

    @Test
    final void DUP_3_a_part_of_an_append_or_more_than_it_is_other_content() {
        Entity entity = anEntity();
        AppendResult original = store().append(Head.beforeFirst(entity).append(numbered(0, 6)));
        for (int from = 0; from < 6; from++) {
            for (int to = from + 1; to <= 7; to++) {
                if (to - from != 6 || from > 0) {
                    String what = "events %d to %d of 0 to 6".formatted(from, to);
                    assertKeyReused(
                            what,
                            Head.beforeFirst(entity).append(numbered(from, to)).withKey(original.key()),
                            original);
                }
            }
        }
        assertRepeated(store().append(original.head().append(numbered(0, 6)).withKey(original.key())), original);
        assertThat(store().replay(entity).events()).hasSize(6);
    }

    @Test
    final void DUP_3_a_part_of_the_entities_is_other_content() {
        Append one = first(anEntity(), HAPPENED);
        Append two = first(anEntity(), FOLLOWED);
        AppendResult original = store().append(one.and(two));
        assertKeyReused("the first entity's part", one, original);
        assertKeyReused("the second entity's part", two.withKey(one.key()), original);
        assertRepeated(store().append(one.and(two)), original);
    }

    @Test
    final void DUP_3_an_append_of_1200_events_is_recognised_whole() {
        Entity entity = anEntity();
        AppendResult original = store().append(Head.beforeFirst(entity).append(numbered(0, 1_200)));
        assertThat(original.heads()).hasSize(1_200);
        Append same = original.head().append(numbered(0, 1_200)).withKey(original.key());
        assertRepeated(store().append(same), original);
        Append shorter = original.head().append(numbered(0, 1_199)).withKey(original.key());
        assertKeyReused("1,199 of 1,200 events", shorter, original);
        List<NewEvent> changed = new ArrayList<>(numbered(0, 1_199));
        changed.add(numbered(0));
        assertKeyReused("another last event", original.head().append(changed).withKey(original.key()), original);
        assertThat(store().replay(entity).events()).hasSize(1_200);
    }

    // ---- DUP-4 ----

    @Test
    final void DUP_4_a_retry_with_a_stale_head_is_no_conflict() {
        Entity entity = anEntity();
        List<Append> appends = new ArrayList<>();
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Append append = store().replay(entity).append(numbered(i)).withKey(unique("command"));
            appends.add(append);
            results.add(store().append(append));
        }
        for (int i = 0; i < 10; i++) {
            assertRepeated(store().append(appends.get(i)), results.get(i));
            String freshKey = unique("command");
            Append stale = appends.get(i).withKey(freshKey);
            assertThatThrownBy(() -> store().append(stale)).isInstanceOf(StaleAppend.class);
        }
        assertThat(store().replay(entity).events()).hasSize(10);
    }

    @Test
    final void DUP_4_two_copies_each_of_competing_commands_agree() {
        String name = newEntityName("happened", "followed");
        for (int round = 0; round < ROUNDS; round++) {
            Entity entity = Entity.of(name, "key" + round);
            List<Append> commands = IntStream.range(0, 3)
                    .mapToObj(i -> first(entity, numbered(i)))
                    .toList();
            List<Race.Outcome<AppendResult>> outcomes = Race.run(6, number -> store().append(commands.get(number % 3)));
            List<StoredEvent> stored = store().replay(entity).events();
            assertThat(stored).hasSize(1);
            for (int i = 0; i < 6; i++) {
                assertCopy(outcomes.get(i), commands.get(i % 3), stored.get(0));
            }
        }
    }

    private static void assertCopy(Race.Outcome<AppendResult> copy, Append command, StoredEvent stored) {
        if (command.key().equals(stored.appendKey())) {
            assertThat(copy.refusal())
                    .as("what a copy of the stored command met")
                    .isNull();
            assertThat(requireNonNull(copy.value()).head()).isEqualTo(stored.head());
        } else {
            assertThat(copy.refusal()).isInstanceOf(StaleAppend.class);
        }
    }

    @Test
    final void DUP_4_no_copy_is_told_that_its_own_event_made_it_stale() {
        String name = newEntityName("happened", "followed");
        for (int round = 0; round < 100; round++) {
            Entity entity = Entity.of(name, "key" + round);
            Head before = store().append(first(entity, HAPPENED)).head();
            Append stale = first(entity, FOLLOWED);
            Append restarted = before.append(FOLLOWED).withKey(stale.key());
            List<Race.Outcome<AppendResult>> outcomes =
                    Race.run(6, number -> store().append(number % 3 == 0 ? restarted : stale));
            for (int i = 0; i < 6; i++) {
                assertStaleOnlyBefore(before, outcomes.get(i), i % 3 == 0);
            }
        }
        assertThat(all(name)).hasSize(2 * 100);
    }

    /** A copy with a stale head may come before the one that is stored, and is stale then; after it, it is a repetition. */
    private static void assertStaleOnlyBefore(Head before, Race.Outcome<AppendResult> copy, boolean restarted) {
        if (restarted || copy.won()) {
            assertThat(copy.refusal()).isNull();
            assertThat(requireNonNull(copy.value()).head().revision()).isEqualTo(2);
        } else {
            assertThat(copy.refusal())
                    .isInstanceOfSatisfying(
                            StaleAppend.class,
                            refusal -> assertThat(refusal.current()).isEqualTo(before));
        }
    }

    @Test
    final void DUP_4_nobody_whose_command_is_stored_is_told_that_it_is_stale() {
        Entity entity = anEntity();
        int writers = 6;
        int commands = 15;
        Race.run(writers, writer -> {
            for (int i = 0; i < commands; i++) {
                storeAndRetry(entity, numbered(writer * commands + i));
            }
            return writer;
        });
        List<StoredEvent> events = store().replay(entity).events();
        assertThat(events).extracting(StoredEvent::data).doesNotHaveDuplicates().hasSize(writers * commands);
    }

    /** Appends after whatever head there is, then tries the very same again while others move the entity. */
    private void storeAndRetry(Entity entity, NewEvent event) {
        String key = unique("command");
        AppendResult result = null;
        Append append = Head.beforeFirst(entity).append(event).withKey(key);
        while (result == null) {
            try {
                result = store().append(append);
            } catch (StaleAppend stale) {
                append = stale.current().append(event).withKey(key);
            }
        }
        // a retry that is refused as stale throws, and so fails the race
        AppendResult again = store().append(append);
        assertThat(again).isEqualTo(new AppendResult(key, true, result.heads()));
        Append rebuilt = store().replay(entity, each -> {}).append(event).withKey(key);
        assertThat(store().append(rebuilt)).isEqualTo(again);
    }

    // ---- DUP-5 ----

    @Test
    final void DUP_5_a_connection_lost_after_the_commit_was_carried_out() {
        AtomicInteger losses = new AtomicInteger();
        EventStore lossy = tampered(options(), call -> loseAfterCommit(call, losses));
        assertStoredInSpiteOf(lossy, losses);
    }

    @Test
    final void DUP_5_a_connection_lost_before_the_commit_was_carried_out() {
        AtomicInteger losses = new AtomicInteger();
        EventStore lossy = tampered(options(), call -> loseBeforeCommit(call, losses));
        assertStoredInSpiteOf(lossy, losses);
    }

    static @Nullable Object loseAfterCommit(Tampering.Call call, AtomicInteger losses) throws Throwable {
        if (!call.commits() || losses.getAndDecrement() <= 0) {
            return call.proceed();
        }
        call.proceed();
        call.cut();
        throw Tampering.connectionLost();
    }

    static @Nullable Object loseBeforeCommit(Tampering.Call call, AtomicInteger losses) throws Throwable {
        if (call.commits() && losses.getAndDecrement() > 0) {
            call.cut();
            throw Tampering.connectionLost();
        }
        return call.proceed();
    }

    private void assertStoredInSpiteOf(EventStore lossy, AtomicInteger losses) {
        for (int times = 1; times <= 3; times++) {
            Append append = first(anEntity(), HAPPENED).and(first(anEntity(), FOLLOWED, HAPPENED));
            losses.set(times);
            AppendResult result = lossy.append(append);
            losses.set(0);
            assertThat(result.heads()).hasSize(3);
            assertStoredOnce(result);
            assertRepeated(store().append(append), result);
            assertThat(connections().open()).isZero();
        }
    }

    @Test
    final void DUP_5_when_every_commit_is_lost_the_outcome_is_unknown() {
        EventStore lossy = tampered(options().withMaxAttempts(4), call -> loseBeforeCommit(call, new AtomicInteger(1)));
        Append append = first(anEntity(), HAPPENED, FOLLOWED);
        assertOutcomeUnknown(lossy, append);
        AppendResult result = store().append(append);
        assertThat(result.repeated()).isFalse();
        assertStoredOnce(result);
    }

    @Test
    final void DUP_5_when_the_database_is_gone_after_the_commit_the_outcome_is_unknown() {
        AtomicInteger commits = new AtomicInteger();
        EventStore lossy = tampered(options().withMaxAttempts(4), call -> {
            if (commits.get() > 0 && call.connects()) {
                throw Tampering.connectionLost();
            }
            if (call.commits()) {
                commits.incrementAndGet();
            }
            return loseAfterCommit(call, new AtomicInteger(1));
        });
        Append append = first(anEntity(), HAPPENED, FOLLOWED);
        assertOutcomeUnknown(lossy, append);
        AppendResult result = store().append(append);
        assertThat(result.repeated()).as("the commit had been carried out").isTrue();
        assertStoredOnce(result);
    }

    @Test
    final void DUP_5_when_an_append_is_refused_and_the_ledger_can_not_be_asked_the_outcome_is_unknown() {
        Append append = first(anEntity(), HAPPENED, FOLLOWED);
        AppendResult stored = store().append(append);
        for (boolean connects : new boolean[] {false, true}) {
            AtomicBoolean refused = new AtomicBoolean();
            EventStore lossy = tampered(options().withMaxAttempts(1), call -> {
                if (refused.get() && (connects ? call.connects() : call.name().startsWith("prepareStatement"))) {
                    throw Tampering.connectionLost();
                }
                try {
                    return call.proceed();
                } catch (SQLException e) {
                    if (REFUSALS.contains(dialect().fault(e))) {
                        refused.set(true);
                    }
                    throw e;
                }
            });
            assertOutcomeUnknown(lossy, append);
        }
        assertRepeated(store().append(append), stored);
        assertThat(lossInJoined(append))
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        failure -> assertThat(failure.outcomeUnknown()).isTrue());
    }

    /** What a joined append throws that is refused and then loses its connection. */
    private Throwable lossInJoined(Append append) {
        AtomicBoolean refused = new AtomicBoolean();
        DataSource lossy = Tampering.with(joining(), call -> {
            if (refused.get() && call.name().startsWith("prepareStatement")) {
                throw Tampering.connectionLost();
            }
            try {
                return call.proceed();
            } catch (SQLException e) {
                refused.compareAndSet(false, REFUSALS.contains(dialect().fault(e)));
                throw e;
            }
        });
        try (Connection connection = lossy.getConnection()) {
            connection.setAutoCommit(false);
            Throwable thrown = catchThrowable(() -> store().join(connection).append(append));
            connection.rollback();
            connection.setAutoCommit(true);
            return thrown;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void assertOutcomeUnknown(EventStore lossy, Append append) {
        assertThatThrownBy(() -> lossy.append(append))
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        failure -> assertThat(failure.outcomeUnknown()).isTrue());
        assertThat(connections().open()).isZero();
    }

    @Test
    final void DUP_5_commands_repeated_over_a_bad_line_are_stored_once_each() {
        Random dice = new Random(5);
        StoreUnderTest lossy = tampered(options().withMaxAttempts(2), call -> {
            int face = call.commits() ? dice.nextInt(3) : 2;
            AtomicInteger once = new AtomicInteger(1);
            return face == 0 ? loseAfterCommit(call, once) : face == 1 ? loseBeforeCommit(call, once) : call.proceed();
        });
        Entity entity = anEntity();
        for (int i = 0; i < 60; i++) {
            Append append = store().replay(entity).append(numbered(i)).withKey(unique("command"));
            AppendResult result = repeatUntilStored(lossy, append);
            assertThat(result.head().revision()).isEqualTo(i + 1);
        }
        assertThat(store().replay(entity).events()).hasSize(60);
    }

    private static AppendResult repeatUntilStored(EventStore lossy, Append append) {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return lossy.append(append);
            } catch (StoreUnavailable unknown) {
                assertThat(unknown.outcomeUnknown()).isTrue();
            }
        }
        throw new AssertionError("the store never got through");
    }
}
