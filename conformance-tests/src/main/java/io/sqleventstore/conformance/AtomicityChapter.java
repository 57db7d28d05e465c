package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.UnregisteredEvent;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Chapter ATM of the contract. */
abstract class AtomicityChapter extends ReplayChapter {
    /** How long a look from outside may wait for the transaction's locks before it counts as having seen nothing. */
    private static final int LOOK_MILLIS = 1_000;

    private static final int SECONDS = 120;

    private static final int WRITERS = 3;

    /** Events of an append that others look at: half of them of each of two entities. */
    private static final int EVENTS = 50;

    private static final NewEvent ORDERED = NewEvent.of("ordered", "{\"n\":1}");
    private static final NewEvent PAID = NewEvent.of("paid", "{\"n\":2}");

    /** Work in a transaction of the caller's, which it ends itself; what it leaves open is rolled back. */
    private interface Work<T> {
        T in(Connection connection, EventStore joined) throws Exception;
    }

    @AfterEach
    final void assertCleanAfterAtomicity(TestInfo test) {
        if (test.getDisplayName().startsWith("ATM_")) {
            assertThat(joining().open()).as("the caller's open connections").isZero();
            assertThat(connections().open()).as("the store's open connections").isZero();
            assertThat(store().verify().clean()).isTrue();
        }
    }

    private Entity anOrder() {
        return newEntity("ordered", "paid");
    }

    private static Append first(Entity entity, NewEvent... events) {
        return Head.beforeFirst(entity).append(events).withKey(unique("command"));
    }

    private static List<NewEvent> ordered(int events) {
        return IntStream.range(0, events)
                .mapToObj(n -> NewEvent.of("ordered", "{\"n\":" + n + "}"))
                .toList();
    }

    private List<StoredEvent> events(Entity entity) {
        return store().replay(entity).events();
    }

    /** Asserts that these entities have no event and that nobody has used the key. */
    private void assertNothingStored(Append append) {
        for (Append.Part part : append.parts()) {
            assertThat(events(part.entity()))
                    .filteredOn(event -> event.appendKey().equals(append.key()))
                    .isEmpty();
        }
        Entity probe = anOrder();
        assertThat(store().append(first(probe, ORDERED).withKey(append.key())).repeated())
                .as("the key was free")
                .isFalse();
    }

    // ---- the caller's transaction and table ----

    private <T> T transaction(Work<T> work) {
        return transaction(connection -> {}, work);
    }

    private <T> T transaction(Setting setting, Work<T> work) {
        try (Connection connection = joining().getConnection()) {
            setting.make(connection);
            connection.setAutoCommit(false);
            try {
                T result = work.in(connection, store().join(connection));
                assertThat(connection.isClosed()).isFalse();
                assertThat(connection.getAutoCommit()).isFalse();
                return result;
            } finally {
                connection.rollback();
            }
        } catch (EventStoreException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the caller's transaction", e);
        }
    }

    private interface Setting {
        void make(Connection connection) throws SQLException;
    }

    /** A table of the caller's in the store's place. */
    private String newTable() {
        return newTable("id INTEGER NOT NULL PRIMARY KEY");
    }

    private static void insert(Connection connection, String orders, int id) throws SQLException {
        execute(connection, "INSERT INTO " + orders + " VALUES (" + id + ")");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of the caller's table, seen from another connection. */
    private List<Integer> rows(String orders) {
        try (Connection connection = place().dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id FROM " + orders + " ORDER BY id")) {
            List<Integer> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getInt(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether it ended in time; a database that locks instead of keeping versions makes it wait for the transaction. */
    private static boolean ended(CompletableFuture<?> future) {
        try {
            future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    // ---- ATM-1 ----

    @Test
    final void ATM_1_an_append_whose_last_event_is_not_registered_stores_nothing() {
        Entity entity = anOrder();
        List<NewEvent> events = new ArrayList<>(ordered(9));
        events.add(NewEvent.of("unknown", "{}"));
        Append append = Head.beforeFirst(entity).append(events).withKey(unique("command"));
        assertThatThrownBy(() -> store().append(append)).isInstanceOf(UnregisteredEvent.class);
        assertThat(events(entity)).isEmpty();
        assertNothingStored(append);
    }

    @Test
    final void ATM_1_of_several_entities_one_is_stale_and_nothing_is_stored() {
        for (int stale = 0; stale < 3; stale++) {
            List<Entity> entities = List.of(anOrder(), anOrder(), anOrder());
            Append append = entities.stream()
                    .map(entity -> first(entity, ORDERED, PAID))
                    .reduce(Append::and)
                    .orElseThrow();
            Head moved = store().append(first(entities.get(stale), ORDERED)).head();
            assertThatThrownBy(() -> store().append(append))
                    .isInstanceOfSatisfying(
                            StaleAppend.class,
                            refusal -> assertThat(refusal.current()).isEqualTo(moved));
            for (Entity entity : entities) {
                assertThat(events(entity)).hasSize(entity.equals(moved.entity()) ? 1 : 0);
            }
            assertNothingStored(append);
        }
    }

    @Test
    final void ATM_1_an_append_of_several_statements_whose_last_event_is_refused_stores_nothing() {
        UUID taken =
                requireNonNull(store().append(first(anOrder(), ORDERED)).head().eventId());
        Entity entity = anOrder();
        List<NewEvent> events = new ArrayList<>(ordered(1_199));
        events.add(PAID.withId(taken));
        Append append = Head.beforeFirst(entity).append(events).withKey(unique("command"));
        assertThatThrownBy(() -> store().append(append))
                .isInstanceOfSatisfying(
                        EventIdReused.class, refusal -> assertThat(refusal.id()).isEqualTo(taken));
        assertThat(events(entity)).isEmpty();
        assertNothingStored(append);
    }

    @Test
    final void ATM_1_an_append_of_several_statements_is_stored_whole() {
        Entity entity = anOrder();
        Append append = Head.beforeFirst(entity).append(ordered(1_200));
        AppendResult result = store().append(append);
        assertThat(events(entity)).extracting(StoredEvent::head).containsExactlyElementsOf(result.heads());
        assertThat(store().append(append).heads()).isEqualTo(result.heads());
    }

    @Test
    final void ATM_1_ERR_3_an_error_of_the_virtual_machine_leaves_nothing_and_a_clean_connection() throws SQLException {
        Entity entity = anOrder();
        Append append = first(entity, ordered(dialect().rowsPerInsert() + 1).toArray(NewEvent[]::new));
        for (int failing = 1; failing <= 2; failing++) {
            AtomicInteger inserts = new AtomicInteger(failing);
            try (var one = Server.poolOfOne(as(Role.APPENDER, place()))) {
                EventStore store = storeOn(
                        Tampering.with(one, call -> {
                            Object result = call.proceed();
                            if (call.inserts() && inserts.decrementAndGet() == 0) {
                                throw new OutOfMemoryError("on purpose");
                            }
                            return result;
                        }),
                        options());
                assertThatThrownBy(() -> store.append(append)).isInstanceOf(OutOfMemoryError.class);
                assertThat(inserts).hasValue(0);
                try (Connection connection = one.getConnection()) {
                    assertThat(connection.getAutoCommit()).isTrue();
                    connection.setAutoCommit(false);
                    connection.commit();
                    connection.setAutoCommit(true);
                }
                assertThat(events(entity)).isEmpty();
                assertThat(store.append(first(anOrder(), ORDERED)).repeated()).isFalse();
            }
        }
        assertNothingStored(append);
    }

    @Test
    final void ATM_1_readers_of_an_entity_never_see_a_part_of_an_append() {
        lookWhileOthersAppend((name, reader, acknowledged) -> {
            for (int writer = 0; writer < WRITERS; writer++) {
                assertThat(sizes(events(Entity.of(name, "one" + writer)).stream()))
                        .isSubsetOf(EVENTS / 2L);
                assertThat(sizes(events(Entity.of(name, "two" + writer)).stream()))
                        .isSubsetOf(EVENTS / 2L);
            }
        });
    }

    /** What a replay of an entity name showed: so many events, the last at that position. */
    private record Seen(long events, long lastPosition) {}

    @Test
    final void ATM_1_readers_of_many_entities_see_appends_whole_up_to_where_the_replay_ends() {
        List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
        String name = lookWhileOthersAppend((entityName, reader, acknowledged) -> {
            Set<String> before = Set.copyOf(acknowledged);
            Selection selection = Selection.all().ofEntity(entityName);
            Map<String, List<StoredEvent>> byKey = store().replay(reader == 0 ? selection : selection.inReverse())
                    .collect(Collectors.groupingBy(StoredEvent::appendKey));
            for (String key : before) {
                assertThat(byKey.get(key)).as("was acknowledged before").hasSize(EVENTS);
            }
            seen.add(new Seen(
                    byKey.values().stream().mapToInt(List::size).sum(),
                    byKey.values().stream()
                            .flatMap(List::stream)
                            .mapToLong(StoredEvent::position)
                            .max()
                            .orElse(0)));
        });
        // positions of several writers interleave, so that the end of a replay may lie within an append that goes on
        List<StoredEvent> all = all(name);
        for (Seen each : seen) {
            assertThat(all.stream().filter(event -> event.position() <= each.lastPosition()))
                    .as("%s", each)
                    .hasSize((int) each.events());
        }
    }

    private interface Look {
        void at(String name, int reader, Set<String> acknowledged);
    }

    /** Lets readers look, by their number, as often as they can while others append events of two entities each time. */
    private String lookWhileOthersAppend(Look look) {
        String name = newEntityName("ordered", "paid");
        int appends = 100;
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger writing = new AtomicInteger(WRITERS);
        Race.run(WRITERS + 2, number -> {
            if (number < WRITERS) {
                try {
                    appendOften(name, number, appends, acknowledged);
                } finally {
                    writing.decrementAndGet();
                }
            } else {
                while (writing.get() > 0) {
                    look.at(name, number - WRITERS, acknowledged);
                }
            }
            return number;
        });
        look.at(name, 0, acknowledged);
        assertThat(sizes(all(name).stream())).containsExactly((long) EVENTS);
        assertThat(all(name)).hasSize(WRITERS * appends * EVENTS);
        return name;
    }

    private void appendOften(String name, int writer, int appends, Set<String> acknowledged) {
        Head one = Head.beforeFirst(Entity.of(name, "one" + writer));
        Head two = Head.beforeFirst(Entity.of(name, "two" + writer));
        for (int i = 0; i < appends; i++) {
            AppendResult result = store().append(one.append(ordered(EVENTS / 2)).and(two.append(ordered(EVENTS / 2))));
            acknowledged.add(result.key());
            one = result.head(one.entity());
            two = result.head(two.entity());
        }
    }

    private static Map<String, Long> byKey(Stream<StoredEvent> events) {
        return events.collect(Collectors.groupingBy(StoredEvent::appendKey, Collectors.counting()));
    }

    /** The numbers of events that were seen under one key. */
    private static Set<Long> sizes(Stream<StoredEvent> events) {
        return Set.copyOf(byKey(events).values());
    }

    // ---- ATM-2: together or not at all ----

    @Test
    final void ATM_2_rows_and_events_are_committed_together_and_not_seen_before() {
        String orders = newTable();
        Entity entity = anOrder();
        CompletableFuture<Integer> look = transaction((connection, joined) -> {
            insert(connection, orders, 1);
            AppendResult result = joined.append(first(entity, ORDERED, PAID));
            assertThat(result.repeated()).isFalse();
            CompletableFuture<Integer> others = CompletableFuture.supplyAsync(
                    () -> rows(orders).size() + events(entity).size());
            if (ended(others)) {
                assertThat(others.get()).as("seen before the commit").isZero();
            }
            connection.commit();
            return others;
        });
        await(look);
        assertThat(rows(orders)).containsExactly(1);
        assertThat(events(entity)).hasSize(2);
    }

    @Test
    final void ATM_2_rows_and_events_are_rolled_back_together() {
        String orders = newTable();
        Append append = first(anOrder(), ORDERED, PAID).and(first(anOrder(), ORDERED));
        transaction((connection, joined) -> {
            insert(connection, orders, 1);
            joined.append(append);
            insert(connection, orders, 2);
            connection.rollback();
            return true;
        });
        assertThat(rows(orders)).isEmpty();
        assertNothingStored(append);
        assertThat(store().append(append.withKey(unique("command"))).heads()).hasSize(3);
    }

    @Test
    final void ATM_2_what_is_not_committed_is_shown_by_no_store_whatever_the_level_of_its_connections() {
        for (int level : isolationLevels()) {
            StoreUnderTest atLevel = storeOn(atLevel(connections(), level), options());
            Entity entity = anOrder();
            Selection selection = Selection.all().of(entity);
            CompletableFuture<List<StoredEvent>> look = transaction((connection, joined) -> {
                joined.append(first(entity, ORDERED, PAID));
                CompletableFuture<List<StoredEvent>> others = CompletableFuture.supplyAsync(
                        () -> Stream.concat(atLevel.replay(entity).events().stream(), atLevel.replay(selection))
                                .toList());
                ended(others);
                connection.rollback();
                return others;
            });
            assertThat(await(look)).as("level " + level).isEmpty();
            store().append(first(entity, ORDERED, PAID));
            assertThat(atLevel.replay(entity).events()).as("level " + level).hasSize(2);
            assertThat(atLevel.replay(selection)).as("level " + level).hasSize(2);
        }
    }

    @Test
    final void ATM_2_the_store_neither_ends_nor_changes_the_transaction() {
        Entity entity = anOrder();
        List<String> meddling = Collections.synchronizedList(new ArrayList<>());
        DataSource watched = Tampering.with(joining(), call -> {
            String name = call.method().getName();
            if (call.target() instanceof Connection
                    && (name.startsWith("set")
                            || Set.of("commit", "close", "abort").contains(name)
                            || isRollback(call))
                    && !name.equals("setSavepoint")) {
                meddling.add(name);
            }
            return call.proceed();
        });
        try (Connection connection = watched.getConnection()) {
            connection.setAutoCommit(false);
            meddling.clear();
            EventStore joined = store().join(connection);
            Append append = first(entity, ORDERED);
            joined.append(append);
            joined.append(append);
            joined.register(EntityType.of(unique("entity"), "ordered"));
            assertThat(joined.registered()).isNotEmpty();
            assertThat(joined.replay(entity).append(PAID).size()).isEqualTo(1);
            assertThat(joined.replay(Selection.all().of(entity)).toList()).hasSize(1);
            assertThatThrownBy(() -> joined.append(first(entity, PAID))).isInstanceOf(StaleAppend.class);
            assertThat(meddling).isEmpty();
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(events(entity)).isEmpty();
    }

    private static boolean isRollback(Tampering.Call call) {
        return call.method().getName().equals("rollback") && call.arguments().isEmpty();
    }

    @Test
    final void ATM_2_appends_follow_each_other_and_are_replayed_within_the_transaction() {
        String orders = newTable();
        Entity one = anOrder();
        Entity two = anOrder();
        Head before = store().append(first(one, ORDERED)).head();
        transaction((connection, joined) -> {
            AppendResult both = joined.append(before.append(PAID, ORDERED).and(first(two, ORDERED)));
            insert(connection, orders, 1);
            AppendResult more = joined.append(both.head(one).append(ordered(3)));
            AppendResult last = joined.append(joined.replay(two).append(PAID));
            assertThat(joined.replay(one).head()).isEqualTo(more.heads().get(2));
            assertThat(joined.replay(one).events())
                    .extracting(StoredEvent::revision)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(joined.replay(Selection.all().of(two)))
                    .extracting(StoredEvent::head)
                    .containsExactly(both.head(two), last.head());
            assertThat(joined.replay(Selection.all().of(one).inReverse().limit(1)))
                    .extracting(StoredEvent::head)
                    .containsExactly(more.heads().get(2));
            connection.commit();
            return true;
        });
        assertThat(events(one)).hasSize(6);
        assertThat(events(two)).hasSize(2);
        assertThat(rows(orders)).containsExactly(1);
    }

    @Test
    final void ATM_2_several_transactions_follow_each_other_on_one_connection() {
        Entity entity = anOrder();
        transaction((connection, joined) -> {
            Head head = Head.beforeFirst(entity);
            for (int i = 0; i < 6; i++) {
                AppendResult result = joined.append(head.append(ORDERED));
                if (i % 2 == 0) {
                    connection.commit();
                    head = result.head();
                } else {
                    connection.rollback();
                }
            }
            return true;
        });
        assertThat(events(entity)).hasSize(3);
    }

    @Test
    final void ATM_2_a_handle_of_jdbi_is_joined_like_a_connection() {
        String orders = newTable();
        Entity kept = anOrder();
        Entity dropped = anOrder();
        try (Handle handle = Jdbi.create(joining()).open()) {
            handle.begin();
            handle.execute("INSERT INTO " + orders + " VALUES (?)", 1);
            store().join(handle).append(first(kept, ORDERED));
            assertThatThrownBy(() -> store().join(handle).append(first(kept, PAID)))
                    .isInstanceOf(StaleAppend.class);
            assertThat(handle.isInTransaction()).isTrue();
            handle.commit();
            handle.begin();
            handle.execute("INSERT INTO " + orders + " VALUES (?)", 2);
            store().join(handle).append(first(dropped, ORDERED));
            handle.rollback();
            assertThat(handle.isClosed()).isFalse();
        }
        assertThat(rows(orders)).containsExactly(1);
        assertThat(events(kept)).hasSize(1);
        assertThat(events(dropped)).isEmpty();
    }

    @Test
    final void ATM_2_a_connection_in_auto_commit_mode_is_not_joined() throws SQLException {
        try (Connection connection = joining().getConnection()) {
            assertThatThrownBy(() -> store().join(connection)).isInstanceOf(IllegalStateException.class);
            assertThat(connection.isClosed()).isFalse();
            assertThat(connection.getAutoCommit()).isTrue();
        }
        try (Handle handle = Jdbi.create(joining()).open()) {
            assertThatThrownBy(() -> store().join(handle)).isInstanceOf(IllegalStateException.class);
            assertThat(handle.isClosed()).isFalse();
        }
    }

    // ---- ATM-2: after a refusal ----

    @Test
    final void ATM_2_a_refused_append_leaves_the_transaction_usable() {
        Map<String, Class<? extends EventStoreException>> kinds = new LinkedHashMap<>();
        kinds.put("stale", StaleAppend.class);
        boolean mayBeHidden = transaction((connection, joined) -> dialect().showsAnOldState(connection));
        kinds.put("ahead", mayBeHidden ? TransactionMustRestart.class : StaleAppend.class);
        kinds.put("one of two stale", StaleAppend.class);
        kinds.put("key reused", AppendKeyReused.class);
        kinds.put("key reused in the transaction", AppendKeyReused.class);
        kinds.put("unregistered", UnregisteredEvent.class);
        kinds.put("id reused", EventIdReused.class);
        kinds.put("last id of many reused", EventIdReused.class);
        kinds.forEach((kind, refusal) -> assertUsableAfter(Map.of(kind, refusal)));
        assertUsableAfter(kinds);
    }

    private void assertUsableAfter(Map<String, Class<? extends EventStoreException>> kinds) {
        String orders = newTable();
        Entity fresh = anOrder();
        AppendResult stored = store().append(first(anOrder(), ORDERED));
        transaction((connection, joined) -> {
            insert(connection, orders, 1);
            AppendResult own = joined.append(first(fresh, ORDERED));
            kinds.forEach((kind, refusal) -> {
                assertThatThrownBy(() -> joined.append(refused(kind, stored, own)))
                        .as(kind)
                        .isExactlyInstanceOf(refusal);
                assertThat(joined.replay(fresh).head()).as(kind).isEqualTo(own.head());
            });
            insert(connection, orders, 2);
            joined.append(own.head().append(PAID).and(stored.head().append(PAID)));
            connection.commit();
            return true;
        });
        assertThat(rows(orders)).as("%s", kinds).containsExactly(1, 2);
        assertThat(events(fresh)).as("%s", kinds).extracting(StoredEvent::name).containsExactly("ordered", "paid");
        assertThat(all(stored.head().entity().name()))
                .as("%s", kinds)
                .extracting(StoredEvent::name)
                .containsExactly("ordered", "paid");
    }

    private static Append refused(String kind, AppendResult stored, AppendResult own) {
        Entity entity = stored.head().entity();
        Head head = stored.head();
        Entity sibling = Entity.of(entity.name(), "sibling");
        UUID taken = requireNonNull(head.eventId());
        List<NewEvent> many = new ArrayList<>(ordered(1_199));
        many.add(PAID.withId(taken));
        return switch (kind) {
            case "stale" -> first(entity, PAID);
            case "ahead" -> new Head(entity, 7, UUID.randomUUID(), head.position() + 9).append(PAID);
            case "one of two stale" -> first(sibling, PAID).and(first(entity, PAID));
            case "key reused" -> head.append(PAID).withKey(stored.key());
            case "key reused in the transaction" -> head.append(PAID).withKey(own.key());
            case "unregistered" -> head.append(PAID, NewEvent.of("unknown", "{}"));
            case "id reused" -> head.append(PAID.withId(taken));
            case "last id of many reused" -> head.append(many);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @Test
    final void ATM_2_a_repeated_append_gets_the_original_result_in_the_transaction() {
        String orders = newTable();
        Append earlier = first(anOrder(), ORDERED, PAID);
        AppendResult original = store().append(earlier);
        store().append(original.heads().get(1).append(PAID));
        Append own = first(anOrder(), ORDERED).and(first(anOrder(), PAID));
        AppendResult ownResult = transaction((connection, joined) -> {
            insert(connection, orders, 1);
            assertThat(joined.append(earlier)).isEqualTo(repeated(original));
            AppendResult result = joined.append(own);
            assertThat(result.repeated()).isFalse();
            assertThat(joined.append(own)).isEqualTo(repeated(result));
            joined.append(result.heads().get(0).append(PAID));
            assertThat(joined.append(own)).isEqualTo(repeated(result));
            assertThat(joined.append(earlier)).isEqualTo(repeated(original));
            insert(connection, orders, 2);
            connection.commit();
            return result;
        });
        assertThat(store().append(own)).isEqualTo(repeated(ownResult));
        assertThat(rows(orders)).containsExactly(1, 2);
    }

    private static AppendResult repeated(AppendResult original) {
        return new AppendResult(original.key(), true, original.heads());
    }

    @Test
    final void ATM_2_the_callers_own_savepoint_takes_the_events_with_it() {
        String orders = newTable();
        Entity entity = anOrder();
        String key = unique("command");
        transaction((connection, joined) -> {
            insert(connection, orders, 1);
            Head kept = joined.append(first(entity, ORDERED)).head();
            Savepoint savepoint = connection.setSavepoint();
            insert(connection, orders, 2);
            joined.append(kept.append(PAID, PAID).withKey(key));
            connection.rollback(savepoint);
            assertThat(joined.replay(entity).head()).isEqualTo(kept);
            insert(connection, orders, 3);
            assertThat(joined.append(kept.append(ORDERED).withKey(key)).repeated())
                    .isFalse();
            connection.commit();
            return true;
        });
        assertThat(rows(orders)).containsExactly(1, 3);
        assertThat(events(entity)).extracting(StoredEvent::name).containsExactly("ordered", "ordered");
    }

    // ---- ATM-2: against others ----

    @Test
    final void ATM_2_a_conflict_that_the_transaction_meets_stores_nothing_and_the_transaction_is_repeated() {
        assertOvertaken("default, no read", connection -> {}, false);
        assertOvertaken("default, after a read", connection -> {}, true);
    }

    @Test
    final void ATM_2_a_conflict_that_is_newer_than_the_snapshot_stores_nothing_and_the_transaction_is_repeated() {
        for (int level : strictLevels()) {
            Setting isolation = connection -> connection.setTransactionIsolation(level);
            assertOvertaken("level " + level + ", no read", isolation, false);
            assertOvertaken("level " + level + ", after a read", isolation, true);
        }
    }

    /** The isolation levels above READ COMMITTED that the database has. */
    private List<Integer> strictLevels() {
        List<Integer> levels = new ArrayList<>();
        try (Connection connection = joining().getConnection()) {
            DatabaseMetaData database = connection.getMetaData();
            for (int level : new int[] {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
                if (database.supportsTransactionIsolationLevel(level)) {
                    levels.add(level);
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(levels).isNotEmpty();
        return levels;
    }

    /** Another client appends between the transaction's first read and its append, unless a lock keeps it waiting. */
    private void assertOvertaken(String what, Setting setting, boolean readsFirst) {
        String orders = newTable();
        Entity entity = anOrder();
        Head old = store().append(first(entity, ORDERED)).head();
        Append mine = old.append(PAID).withKey(unique("mine"));
        Append theirs = old.append(ORDERED).withKey(unique("theirs"));
        AtomicReference<CompletableFuture<Boolean>> other = new AtomicReference<>();
        boolean stored = transaction(setting, (connection, joined) -> {
            if (readsFirst) {
                assertThat(joined.replay(entity).head()).isEqualTo(old);
            }
            CompletableFuture<Boolean> appending = CompletableFuture.supplyAsync(() -> isStored(theirs));
            other.set(appending);
            boolean overtaken = ended(appending);
            Throwable refusal = catchThrowable(() -> joined.append(mine));
            if (refusal == null) {
                assertThat(overtaken).as(what).isFalse();
                connection.commit();
                return true;
            }
            assertThat(refusal).as(what).isInstanceOfAny(StaleAppend.class, TransactionMustRestart.class);
            if (refusal instanceof StaleAppend stale) {
                assertThat(stale.current()).as(what).isNotEqualTo(old);
            }
            connection.rollback();
            return false;
        });
        assertThat(await(requireNonNull(other.get()))).as(what).isEqualTo(!stored);
        assertThat(events(entity))
                .as(what)
                .hasSize(2)
                .last()
                .extracting(StoredEvent::appendKey)
                .isEqualTo(stored ? mine.key() : theirs.key());
        transaction(setting, (connection, joined) -> {
            AppendResult result =
                    joined.append(joined.replay(entity).append(PAID).withKey(mine.key()));
            assertThat(result.repeated()).as(what).isEqualTo(stored);
            insert(connection, orders, 1);
            connection.commit();
            return true;
        });
        assertThat(events(entity)).as(what).hasSize(stored ? 2 : 3);
        assertThat(rows(orders)).as(what).containsExactly(1);
    }

    /** Whether it was stored, or else was stale. */
    private boolean isStored(Append append) {
        try {
            return !store().append(append).repeated();
        } catch (StaleAppend stale) {
            return false;
        }
    }

    @Test
    final void ATM_2_a_retry_whose_original_is_newer_than_the_snapshot_is_never_stale_and_stored_once() {
        for (int level : strictLevels()) {
            Entity entity = anOrder();
            Head old = store().append(first(entity, ORDERED)).head();
            Append append = old.append(PAID).withKey(unique("command"));
            AtomicReference<CompletableFuture<AppendResult>> other = new AtomicReference<>();
            transaction(connection -> connection.setTransactionIsolation(level), (connection, joined) -> {
                assertThat(joined.replay(entity).head()).isEqualTo(old);
                CompletableFuture<AppendResult> appending = CompletableFuture.supplyAsync(() -> store().append(append));
                other.set(appending);
                boolean overtaken = ended(appending);
                try {
                    assertThat(joined.append(append).repeated()).isEqualTo(overtaken);
                    connection.commit();
                } catch (TransactionMustRestart restart) {
                    connection.rollback();
                }
                return true;
            });
            AppendResult theirs = await(requireNonNull(other.get()));
            AppendResult again = transaction((connection, joined) -> joined.append(append));
            assertThat(again).isEqualTo(repeated(theirs));
            assertThat(events(entity)).hasSize(2);
        }
    }

    @Test
    final void ATM_2_a_head_that_is_newer_than_the_snapshot_is_never_stale() {
        for (int level : strictLevels()) {
            Entity entity = anOrder();
            Head old = store().append(first(entity, ORDERED)).head();
            AtomicReference<CompletableFuture<AppendResult>> other = new AtomicReference<>();
            boolean stored =
                    transaction(connection -> connection.setTransactionIsolation(level), (connection, joined) -> {
                        assertThat(joined.replay(entity).head()).isEqualTo(old);
                        CompletableFuture<AppendResult> appending =
                                CompletableFuture.supplyAsync(() -> store().append(old.append(PAID)));
                        other.set(appending);
                        if (!ended(appending)) { // a lock keeps it waiting, so that there is no newer head
                            connection.rollback();
                            return false;
                        }
                        try {
                            joined.append(await(appending).head().append(PAID));
                            assertThat(joined.replay(entity).events()).hasSize(3);
                            connection.commit();
                            return true;
                        } catch (TransactionMustRestart restart) {
                            connection.rollback();
                            return false;
                        }
                    });
            await(requireNonNull(other.get()));
            assertThat(events(entity)).hasSize(stored ? 3 : 2);
        }
    }

    @Test
    final void ATM_2_of_two_transactions_racing_for_one_entity_one_is_stored_with_its_rows() {
        String orders = newTable();
        Entity entity = anOrder();
        for (int round = 0; round < 20; round++) {
            int id = 2 * round;
            CyclicBarrier bothHaveRead = new CyclicBarrier(2);
            List<Race.Outcome<String>> outcomes = Race.run(
                    2,
                    number -> transaction((connection, joined) -> {
                        Append append = joined.replay(entity).append(PAID).withKey(unique("command"));
                        bothHaveRead.await(SECONDS, TimeUnit.SECONDS);
                        joined.append(append);
                        insert(connection, orders, id + number);
                        connection.commit();
                        return append.key();
                    }));
            assertThat(outcomes).filteredOn(Race.Outcome::won).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(each -> !each.won())
                    .singleElement()
                    .extracting(Race.Outcome::refusal)
                    .isInstanceOfAny(StaleAppend.class, TransactionMustRestart.class);
            int winner = outcomes.get(0).won() ? 0 : 1;
            assertThat(events(entity))
                    .hasSize(round + 1)
                    .last()
                    .extracting(StoredEvent::appendKey)
                    .isEqualTo(outcomes.get(winner).value());
            assertThat(rows(orders)).hasSize(round + 1).contains(id + winner);
        }
    }

    @Test
    final void ATM_2_transactions_that_are_repeated_all_get_through() {
        String orders = newTable();
        Entity entity = anOrder();
        int writers = 4;
        int each = 10;
        Race.run(writers, writer -> {
            for (int i = 0; i < each; i++) {
                repeatUntilCommitted(entity, orders, writer * each + i);
            }
            return writer;
        });
        assertThat(rows(orders)).hasSize(writers * each);
        assertThat(events(entity))
                .hasSize(writers * each)
                .extracting(StoredEvent::data)
                .doesNotHaveDuplicates();
    }

    private void repeatUntilCommitted(Entity entity, String orders, int id) {
        NewEvent event = NewEvent.of("ordered", "{\"id\":" + id + "}");
        for (int attempt = 0; attempt < 1_000; attempt++) {
            try {
                transaction((connection, joined) -> {
                    joined.append(joined.replay(entity).append(event));
                    insert(connection, orders, id);
                    connection.commit();
                    return true;
                });
                return;
            } catch (StaleAppend | TransactionMustRestart again) {
                assertThat(attempt).as("attempts").isLessThan(999);
            }
        }
    }

    @Test
    final void ATM_2_a_lock_that_is_held_too_long_asks_for_a_restart() {
        Entity entity = anOrder();
        Append theirs = first(entity, ORDERED);
        Append mine = first(entity, PAID);
        CompletableFuture<@Nullable EventStoreException> waiting = transaction((connection, joined) -> {
            joined.append(theirs);
            CompletableFuture<@Nullable EventStoreException> blocked =
                    CompletableFuture.supplyAsync(() -> impatiently(mine));
            if (fixture().shortLockTimeout().isEmpty()) {
                assertThat(ended(blocked)).isFalse();
            } else {
                assertThat(blocked).succeedsWithin(fixture().lockWait().plusSeconds(1));
            }
            connection.rollback();
            return blocked;
        });
        @Nullable EventStoreException refusal = await(waiting);
        if (refusal == null) {
            assertThat(fixture().shortLockTimeout())
                    .as("it waited until the lock was free")
                    .isEmpty();
        } else {
            assertThat(refusal).isInstanceOf(TransactionMustRestart.class).hasCauseInstanceOf(SQLException.class);
            assertThat(events(entity)).isEmpty();
        }
        assertThat(store().append(mine).repeated()).isEqualTo(refusal == null);
        assertThat(events(entity)).hasSize(1);
    }

    /** Appends in a transaction that waits only briefly, in a session that nobody uses after it, and returns what the store threw. */
    private @Nullable EventStoreException impatiently(Append append) {
        DataSource own = fixture().connect(place().urls().apply(Role.APPENDER));
        try (Connection connection = own.getConnection()) {
            connection.setAutoCommit(false);
            if (!fixture().shortLockTimeout().isEmpty()) {
                execute(connection, fixture().shortLockTimeout());
            }
            store().join(connection).append(append);
            connection.commit();
            return null;
        } catch (EventStoreException e) {
            return e;
        } catch (SQLException e) {
            throw new AssertionError(e);
        } finally {
            Server.close(own);
        }
    }

    @Test
    final void ATM_2_a_transaction_that_the_database_gives_up_asks_for_a_restart() {
        String orders = newTable();
        Append append = first(anOrder(), ORDERED);
        AtomicBoolean armed = new AtomicBoolean();
        DataSource failing = Tampering.with(joining(), call -> {
            if (call.method().getName().startsWith("execute") && armed.getAndSet(false)) {
                throw fixture().retryable();
            }
            return call.proceed();
        });
        try (Connection connection = failing.getConnection()) {
            connection.setAutoCommit(false);
            EventStore joined = store().join(connection);
            insert(connection, orders, 1);
            armed.set(true);
            assertThatThrownBy(() -> joined.append(append)).isInstanceOf(TransactionMustRestart.class);
            connection.rollback();
            assertThat(rows(orders)).isEmpty();
            insert(connection, orders, 2);
            assertThat(joined.append(append).repeated()).isFalse();
            connection.commit();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(rows(orders)).containsExactly(2);
    }

    /** As where the database has ended it: what the caller did before is lost too, and must not be committed without it. */
    @Test
    final void ATM_2_a_transaction_that_has_lost_its_savepoint_asks_for_a_restart() {
        Entity entity = anOrder();
        store().append(first(entity, ORDERED));
        DataSource failing = Tampering.with(joining(), call -> {
            if (call.name().equals("rollback") && !call.arguments().isEmpty()) {
                throw new SQLException("there is no such savepoint (on purpose)", "3B001");
            }
            return call.proceed();
        });
        try (Connection connection = failing.getConnection()) {
            connection.setAutoCommit(false);
            EventStore joined = store().join(connection);
            assertThatThrownBy(() -> joined.append(first(entity, PAID))).isInstanceOf(TransactionMustRestart.class);
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(events(entity)).hasSize(1);
    }
}
