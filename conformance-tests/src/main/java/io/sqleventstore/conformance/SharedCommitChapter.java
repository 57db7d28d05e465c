package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.UnregisteredEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Appends that many threads make at the same time, which may share a commit: each gets what it would have got alone, whatever becomes of the others. */
abstract class SharedCommitChapter extends TailRaceChapter {
    private static final int WRITERS = 32;
    private static final int SECONDS = 60;
    private static final int BEHIND = 20;

    /** How often appends are made to wait until they were stored as a test needs it: who waits for long is stored by itself, and machines stall. */
    private static final int ROUNDS = 20;

    private static final NewEvent HAPPENED = NewEvent.of("happened", "{}");

    private static NewEvent numbered(int writer, int number) {
        return NewEvent.of("happened", "{\"writer\":" + writer + ",\"n\":" + number + "}");
    }

    private static Head none(String name, String key) {
        return Head.beforeFirst(Entity.of(name, key));
    }

    private static List<Head> heads(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::head).toList();
    }

    private static <T> List<T> values(List<Race.Outcome<T>> outcomes) {
        assertThat(outcomes).as("appends that nobody is in the way of").allMatch(Race.Outcome::won);
        return outcomes.stream().map(outcome -> requireNonNull(outcome.value())).toList();
    }

    // ---- success ----

    @Test
    final void ORD_2_ORD_5_ATM_1_each_of_many_appends_at_once_gets_its_own_result() {
        String name = newEntityName("happened");
        int appends = 30;
        List<List<Head>> acknowledged = values(Race.run(WRITERS, writer -> {
            List<Head> heads = new ArrayList<>();
            Head head = none(name, "writer" + writer);
            for (int i = 0; i < appends; i++) {
                List<NewEvent> events = new ArrayList<>();
                for (int event = 0; event <= (writer + i) % 3; event++) {
                    events.add(numbered(writer, heads.size() + event));
                }
                Append append = head.append(events);
                AppendResult result = store().append(append);
                assertThat(result.key()).isEqualTo(append.key());
                assertThat(result.repeated()).isFalse();
                assertThat(result.heads())
                        .hasSize(events.size())
                        .extracting(Head::entity)
                        .containsOnly(head.entity());
                heads.addAll(result.heads());
                head = result.head();
            }
            return heads;
        }));
        for (int writer = 0; writer < WRITERS; writer++) {
            List<StoredEvent> stored =
                    store().replay(Entity.of(name, "writer" + writer)).events();
            assertThat(heads(stored)).isEqualTo(acknowledged.get(writer));
            for (int i = 0; i < stored.size(); i++) {
                assertThat(stored.get(i).data()).isEqualTo(numbered(writer, i).data());
            }
        }
        assertThat(store().verify().clean()).isTrue();
    }

    @Test
    final void ATM_1_ORD_5_appends_of_several_entities_at_once_are_stored_whole_each() {
        String name = newEntityName("happened");
        int appends = 20;
        List<List<AppendResult>> acknowledged = values(Race.run(WRITERS, writer -> {
            List<AppendResult> results = new ArrayList<>();
            Head one = none(name, "one" + writer);
            Head other = none(name, "other" + (WRITERS - writer)); // in another order than the first ones
            for (int i = 0; i < appends; i++) {
                AppendResult result = store().append(
                                one.append(numbered(writer, i)).and(other.append(numbered(writer, i), HAPPENED)));
                results.add(result);
                one = result.head(one.entity());
                other = result.head(other.entity());
            }
            return results;
        }));
        Map<String, List<Head>> stored = all(name).stream()
                .collect(Collectors.groupingBy(
                        StoredEvent::appendKey, Collectors.mapping(StoredEvent::head, Collectors.toList())));
        assertThat(stored).hasSize(WRITERS * appends);
        acknowledged.stream().flatMap(List::stream).forEach(result -> {
            assertThat(result.heads()).extracting(Head::position).isSorted().doesNotHaveDuplicates();
            assertThat(stored.get(result.key())).isEqualTo(result.heads());
        });
        assertThat(store().verify().clean()).isTrue();
    }

    @Test
    final void ERR_3_a_pool_of_one_connection_is_enough_for_many_appends_at_once() {
        String name = newEntityName("happened");
        try (var one = Server.poolOfOne(as(Role.APPENDER, place()))) {
            EventStore store = storeOn(one, options());
            values(Race.run(WRITERS / 2, writer -> {
                Head head = none(name, "writer" + writer);
                for (int i = 0; i < 10; i++) {
                    head = store.append(head.append(numbered(writer, i))).head();
                }
                return head;
            }));
        }
        assertThat(all(name)).hasSize(WRITERS / 2 * 10);
    }

    @Test
    final void ORD_5_ATM_1_appends_that_come_while_others_are_stored_share_commits() {
        int most = BEHIND * 2 / Math.min(4, mostAppendsPerCommit());
        int fewest = Integer.MAX_VALUE;
        for (int round = 0; round < (sharesCommits() ? ROUNDS : 1) && fewest >= most; round++) {
            String name = newEntityName("happened");
            AtomicInteger commits = new AtomicInteger();
            List<Head> heads = values(behindTakenPlaces(name, round, call -> {
                commits.addAndGet(call.commits() ? 1 : 0);
                return call.proceed();
            }));
            assertThat(all(name)).extracting(StoredEvent::head).containsExactlyInAnyOrderElementsOf(heads);
            fewest = Math.min(fewest, commits.get());
        }
        if (sharesCommits()) {
            assertThat(fewest).as("commits of %d appends", BEHIND + 1).isLessThan(most);
        } else {
            assertThat(fewest).isGreaterThanOrEqualTo(BEHIND);
        }
    }

    private boolean sharesCommits() {
        return mostAppendsPerCommit() > 1;
    }

    private int mostAppendsPerCommit() {
        return appendsPerCommit() == 0 ? dialect().appendsPerCommit() : appendsPerCommit();
    }

    /**
     * Appends an event to each of many new entities of that name at once, while all places are taken, so that these appends have to wait: else
     * nothing here would be about shared commits. They wait for another time in each round.
     */
    private List<Race.Outcome<Head>> behindTakenPlaces(String name, int round, Tampering.Tamper tamper) {
        int places = dialect().commitsAtOnce();
        AtomicInteger commits = new AtomicInteger();
        CountDownLatch taken = new CountDownLatch(places);
        CyclicBarrier together = new CyclicBarrier(BEHIND + 1);
        CountDownLatch free = new CountDownLatch(1);
        EventStore store = tampered(options(), call -> {
            if (taken.getCount() == 0) {
                return tamper.at(call);
            } else if (call.commits() && commits.incrementAndGet() <= places) {
                taken.countDown();
                assertThat(free.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            }
            return call.proceed();
        });
        return Race.run(BEHIND + places + 1, number -> {
            if (number > BEHIND) { // one after the other, or some of them would share a place
                awaitPlaces(commits, number - BEHIND - 1);
                return store.append(none(name, "place" + number).append(HAPPENED))
                        .head();
            }
            assertThat(taken.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            together.await(SECONDS, TimeUnit.SECONDS);
            if (number == BEHIND) {
                TimeUnit.MILLISECONDS.sleep(20L << (round % 4));
                free.countDown();
            }
            return store.append(none(name, "behind" + number).append(numbered(number, 0)))
                    .head();
        });
    }

    private static void awaitPlaces(AtomicInteger taken, int number) throws InterruptedException {
        for (int moment = 0; taken.get() < number; moment++) {
            assertThat(moment).isLessThan(SECONDS * 1_000);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    // ---- refusals ----

    @Test
    final void REG_1_ORD_2_DUP_2_ATM_1_an_append_that_is_refused_never_harms_those_beside_it() {
        String name = newEntityName("happened");
        int rounds = 200;
        UUID taken = UUID.randomUUID();
        AppendResult before = store().append(none(name, "before").append(HAPPENED.withId(taken)));
        CyclicBarrier round = new CyclicBarrier(WRITERS);
        List<List<Head>> acknowledged = values(Race.run(WRITERS, writer -> {
            List<Head> heads = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                round.await(SECONDS, TimeUnit.SECONDS);
                if (writer == 0) {
                    assertRefused(i, bad(i, before, taken));
                } else {
                    Head last = i == 0 ? none(name, "writer" + writer) : heads.get(i - 1);
                    heads.add(store().append(last.append(numbered(writer, i))).head());
                }
            }
            return heads;
        }));
        assertThat(acknowledged.get(0)).isEmpty();
        for (int writer = 1; writer < WRITERS; writer++) {
            assertThat(heads(store().replay(Entity.of(name, "writer" + writer)).events()))
                    .isEqualTo(acknowledged.get(writer));
        }
        assertThat(all(name)).hasSize(1 + (WRITERS - 1) * rounds);
        assertThat(store().verify().clean()).isTrue();
    }

    private static final List<Class<? extends EventStoreException>> REFUSALS =
            List.of(UnregisteredEvent.class, StaleAppend.class, AppendKeyReused.class, EventIdReused.class);

    /** One that is refused by the exception of that number. */
    private static Append bad(int number, AppendResult stored, UUID taken) {
        Head head = stored.head();
        Head none = none(head.entity().name(), "refused" + number);
        return switch (number % REFUSALS.size()) {
            case 0 -> none.append(HAPPENED, NewEvent.of("unknown", "{}"));
            case 1 -> Head.beforeFirst(head.entity()).append(HAPPENED);
            case 2 -> none.append(numbered(0, number)).withKey(stored.key());
            default -> none.append(HAPPENED, HAPPENED.withId(taken));
        };
    }

    private void assertRefused(int number, Append bad) {
        assertThat(catchThrowable(() -> store().append(bad)))
                .isExactlyInstanceOf(REFUSALS.get(number % REFUSALS.size()));
    }

    @Test
    final void DUP_1_of_two_copies_of_each_of_many_appends_at_once_one_is_stored() {
        String name = newEntityName("happened");
        int rounds = 50;
        List<Append> appends = new ArrayList<>();
        for (int i = 0; i < rounds * WRITERS / 2; i++) {
            appends.add(none(name, "key" + i).append(numbered(0, i)));
        }
        CyclicBarrier round = new CyclicBarrier(WRITERS);
        List<List<AppendResult>> results = values(Race.run(WRITERS, writer -> {
            List<AppendResult> mine = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                round.await(SECONDS, TimeUnit.SECONDS);
                mine.add(store().append(appends.get(i * WRITERS / 2 + writer / 2)));
            }
            return mine;
        }));
        for (int writer = 0; writer < WRITERS; writer += 2) {
            for (int i = 0; i < rounds; i++) {
                AppendResult one = results.get(writer).get(i);
                AppendResult copy = results.get(writer + 1).get(i);
                assertThat(one.heads()).isEqualTo(copy.heads());
                assertThat(one.repeated()).as("one of the two").isNotEqualTo(copy.repeated());
            }
        }
        assertThat(all(name)).hasSize(appends.size());
    }

    // ---- what lasts ----

    @Test
    final void ATM_2_ERR_2_a_transaction_left_open_on_one_entity_holds_up_nobody_at_others() throws SQLException {
        String name = newEntityName("happened");
        Append held = none(name, "a").append(HAPPENED);
        try (Connection holder = joining().getConnection()) {
            holder.setAutoCommit(false);
            store().join(holder).append(held);
            if (fixture().writersTakeTurns()) {
                assertNobodyElseWrites(name);
            } else {
                assertOthersGoOn(name, holder);
            }
            holder.rollback();
            holder.setAutoCommit(true);
        }
    }

    private void assertOthersGoOn(String name, Connection holder) {
        Duration longest = fixture().lockWait().multipliedBy(3).plusSeconds(15);
        CountDownLatch atWork = new CountDownLatch(WRITERS - 1);
        List<Duration> slowest = values(Race.run(WRITERS + 1, number -> switch (number) {
            case 0 -> { // waits for the transaction's fate, and nobody waits with it
                store().append(none(name, "a").append(numbered(0, 0)));
                yield Duration.ZERO;
            }
            case WRITERS -> {
                assertThat(atWork.await(SECONDS, TimeUnit.SECONDS))
                        .as("others go on while the transaction is open")
                        .isTrue();
                holder.rollback();
                yield Duration.ZERO;
            }
            default -> {
                try {
                    yield slowestAppend(name, number);
                } finally {
                    atWork.countDown();
                }
            }
        }));
        assertThat(slowest).allSatisfy(each -> assertThat(each).isLessThan(longest));
        assertThat(store().replay(Entity.of(name, "a")).events())
                .extracting(StoredEvent::data)
                .containsExactly(numbered(0, 0).data());
        assertThat(all(name)).hasSize(1 + (WRITERS - 1) * 20);
    }

    private Duration slowestAppend(String name, int writer) {
        Duration slowest = Duration.ZERO;
        Head head = none(name, "writer" + writer);
        for (int i = 0; i < 20; i++) {
            long began = System.nanoTime();
            head = store().append(head.append(numbered(writer, i))).head();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
        }
        return slowest;
    }

    // ---- lost connections ----

    @Test
    final void DUP_5_when_commits_of_many_appends_at_once_are_lost_each_is_stored_once() {
        String name = newEntityName("happened");
        Random dice = new Random(9);
        EventStore lossy = tampered(options(), call -> {
            int face = call.commits() ? dice.nextInt(6) : 2;
            AtomicInteger once = new AtomicInteger(1);
            return face == 0 ? loseAfterCommit(call, once) : face == 1 ? loseBeforeCommit(call, once) : call.proceed();
        });
        List<List<Head>> acknowledged = values(Race.run(WRITERS, writer -> {
            List<Head> heads = new ArrayList<>();
            Head head = none(name, "writer" + writer);
            for (int i = 0; i < 10; i++) {
                head = lossy.append(head.append(numbered(writer, i))).head();
                heads.add(head);
            }
            return heads;
        }));
        for (int writer = 0; writer < WRITERS; writer++) {
            assertThat(heads(store().replay(Entity.of(name, "writer" + writer)).events()))
                    .isEqualTo(acknowledged.get(writer));
        }
        assertThat(connections().open()).isZero();
    }

    @Test
    final void DUP_5_when_every_commit_is_lost_each_of_many_appends_at_once_has_an_unknown_outcome() {
        String name = newEntityName("happened");
        EventStore lossy = tampered(options().withMaxAttempts(2), call -> loseBeforeCommit(call, new AtomicInteger(1)));
        List<Append> appends = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            appends.add(none(name, "writer" + writer).append(numbered(writer, 0)));
        }
        List<Race.Outcome<AppendResult>> outcomes = Race.run(WRITERS, writer -> lossy.append(appends.get(writer)));
        assertThat(outcomes)
                .allSatisfy(each -> assertThat(each.refusal())
                        .isInstanceOfSatisfying(
                                StoreUnavailable.class,
                                failure -> assertThat(failure.outcomeUnknown()).isTrue()));
        assertThat(all(name)).isEmpty();
        for (Append each : appends) {
            assertThat(store().append(each).repeated()).isFalse();
        }
        assertThat(all(name)).hasSize(WRITERS);
        assertThat(connections().open()).isZero();
    }

    @Test
    final void DUP_5_nobody_is_told_that_nothing_was_stored_where_it_was() {
        int together = 0; // stored together when the connection was lost: it may take some rounds until one is lost so
        for (int round = 0; round < ROUNDS && together < (sharesCommits() ? 2 : 1); round++) {
            String name = newEntityName("happened");
            AtomicInteger before = new AtomicInteger(round / 4); // commits that are not lost
            AtomicBoolean gone = new AtomicBoolean();
            List<Race.Outcome<Head>> outcomes = behindTakenPlaces(name, round, call -> {
                if (gone.get() && call.connects()) {
                    throw Tampering.connectionLost();
                } else if (call.commits() && before.getAndDecrement() <= 0 && gone.compareAndSet(false, true)) {
                    return loseAfterCommit(call, new AtomicInteger(1));
                }
                return call.proceed();
            });
            together = Math.max(together, assertToldTheTruth(name, outcomes));
        }
        assertThat(together).isGreaterThanOrEqualTo(sharesCommits() ? 2 : 1);
    }

    /** Returns of how many that are stored the outcome is called unknown. */
    private int assertToldTheTruth(String name, List<Race.Outcome<Head>> outcomes) {
        int storedUnknown = 0;
        for (int number = 0; number <= BEHIND; number++) {
            Entity entity = Entity.of(name, "behind" + number);
            boolean stored = !store().replay(entity).events().isEmpty();
            EventStoreException told = outcomes.get(number).refusal();
            boolean unknown = told instanceof StoreUnavailable unavailable && unavailable.outcomeUnknown();
            assertThat(unknown || stored == (told == null))
                    .as("told by %s, and it is stored: %s", told, stored)
                    .isTrue();
            storedUnknown += unknown && stored ? 1 : 0;
        }
        return storedUnknown;
    }
}
