package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.History;
import io.sqleventstore.ImportRefused;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.LedgerDamaged;
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
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.sql.DialectStatements;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.Fault;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Chapter ERR of the contract. */
abstract class ErrorsChapter extends FidelityChapter {
    private static final NewEvent HAPPENED = NewEvent.of("happened", "{}");
    private static final int HAMMERERS = 32;
    private static final long HAMMER_SECONDS = Long.getLong("certify.hammer.seconds", 3);

    private @Nullable String entityName;

    /** An append to two entities that are not there yet; their name is, so that reading the registry stays the same. */
    private Append anAppend() {
        if (entityName == null) {
            entityName = newEntityName("happened");
        }
        Append one = Head.beforeFirst(Entity.of(entityName, unique("key"))).append(HAPPENED, HAPPENED);
        return one.and(Head.beforeFirst(Entity.of(entityName, unique("key"))).append(HAPPENED));
    }

    private List<StoredEvent> stored(Append append) {
        return append.parts().stream()
                .flatMap(part -> store().replay(part.entity()).events().stream())
                .toList();
    }

    // ---- ERR-1: the family ----

    @Test
    final void ERR_1_tables_that_are_missing_older_or_newer_are_a_schema_mismatch() {
        onEmptyStore((place, store) -> {
            SqlSchema schema = SqlSchema.of(place.dataSource(), dialect(), place.options());
            assertThat(schema.status().state()).isEqualTo(SqlSchema.State.CURRENT);
            addVersion(place, SqlSchema.VERSION + 1);
            assertThat(schema.status().state()).isEqualTo(SqlSchema.State.NEWER);
            assertThatThrownBy(() -> storeOn(place.dataSource(), place.options()))
                    .isInstanceOf(SchemaMismatch.class);
            assertThatThrownBy(schema::install).isInstanceOf(SchemaMismatch.class);
        });
        Place old = newPlace();
        installFirstVersion(old);
        assertThatThrownBy(() -> storeOn(old.dataSource(), old.options()))
                .isInstanceOf(SchemaMismatch.class)
                .hasMessageContaining("install");
        old.drop().run();
        Place empty = newPlace();
        assertThatThrownBy(() -> storeOn(empty.dataSource(), empty.options()))
                .isInstanceOf(SchemaMismatch.class)
                .hasMessageContaining("install");
        empty.drop().run();
    }

    private static void addVersion(Place place, int version) {
        try (Connection connection = place.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO " + table(place, "event_schema") + " (version) VALUES (" + version + ")");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    final void ERR_1_the_family_of_exceptions_is_closed_and_complete() {
        assertThat(EventStoreException.class.isSealed()).isTrue();
        assertThat(EventStoreException.class.getPermittedSubclasses())
                .containsExactlyInAnyOrder(
                        AppendKeyReused.class,
                        CursorRefused.class,
                        EventIdReused.class,
                        ImportRefused.class,
                        InvalidEvent.class,
                        LedgerDamaged.class,
                        PositionUndecided.class,
                        SchemaMismatch.class,
                        StaleAppend.class,
                        StoreFailure.class,
                        StoreUnavailable.class,
                        TransactionMustRestart.class,
                        UnregisteredEvent.class)
                .allMatch(type -> Modifier.isFinal(type.getModifiers()));
    }

    @Test
    final void ERR_1_each_refusal_has_its_exception() {
        Entity entity = newEntity("happened");
        UUID id = UUID.randomUUID();
        AppendResult first = store().append(Head.beforeFirst(entity).append(HAPPENED.withId(id)));
        Head head = first.head();
        Map<Class<? extends EventStoreException>, Append> refused = new LinkedHashMap<>();
        refused.put(StaleAppend.class, Head.beforeFirst(entity).append(HAPPENED));
        refused.put(AppendKeyReused.class, head.append(HAPPENED, HAPPENED).withKey(first.key()));
        refused.put(EventIdReused.class, head.append(HAPPENED.withId(id)));
        refused.put(UnregisteredEvent.class, head.append(NewEvent.of("unknown", "{}")));
        refused.forEach((type, append) ->
                assertThatThrownBy(() -> store().append(append)).isExactlyInstanceOf(type));
        assertThat(store().replay(entity).head()).isEqualTo(head);
    }

    @Test
    final void ERR_1_missing_tables_are_a_schema_mismatch() {
        Place empty = newPlace();
        assertThatThrownBy(() -> SqlEventStore.open(empty.dataSource(), dialect(), empty.options()))
                .isExactlyInstanceOf(SchemaMismatch.class);
        empty.drop().run();
    }

    @Test
    final void ERR_1_null_is_a_programming_error() {
        nullsByCall()
                .forEach((what, call) ->
                        assertThat(catchThrowable(call)).as(what).isExactlyInstanceOf(NullPointerException.class));
        assertThat(connections().open()).isZero();
    }

    @SuppressWarnings("NullAway") // that is the point
    private Map<String, ThrowingCallable> nullsByCall() {
        Entity entity = Entity.of("entity", "key");
        Head head = Head.beforeFirst(entity);
        Append append = head.append(HAPPENED);
        Selection all = Selection.all();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("Entity.name", () -> Entity.of(null, "key"));
        calls.put("Entity.key", () -> Entity.of("entity", null));
        calls.put("EntityType.name", () -> EntityType.of(null, "happened"));
        calls.put("EntityType.events", () -> EntityType.of("entity", (String[]) null));
        calls.put("EntityType.event", () -> EntityType.of("entity", "happened", null));
        calls.put("NewEvent.name", () -> NewEvent.of(null, "{}"));
        calls.put("NewEvent.data", () -> NewEvent.of("happened", null));
        calls.put("NewEvent.withMetadata", () -> HAPPENED.withMetadata(null));
        calls.put("NewEvent.withId", () -> HAPPENED.withId(null));
        calls.put("Head.beforeFirst", () -> Head.beforeFirst(null));
        calls.put("Head.append", () -> head.append((NewEvent[]) null));
        calls.put("Head.append list", () -> head.append((List<NewEvent>) null));
        calls.put("Head.append event", () -> head.append(HAPPENED, null));
        calls.put("Append.withKey", () -> append.withKey(null));
        calls.put("Append.and", () -> append.and(null));
        calls.put("Append.parts", () -> new Append("key", null));
        calls.put(
                "Append.part",
                () -> new Append("key", Arrays.asList(append.parts().get(0), null)));
        calls.put("Part.after", () -> new Append.Part(null, List.of(HAPPENED)));
        calls.put("History.append", () -> new History(head, List.of()).append((NewEvent[]) null));
        calls.put("Selection.ofEntity", () -> all.ofEntity(null));
        calls.put("Selection.ofEntity key", () -> all.ofEntity("entity", (String) null));
        calls.put("Selection.ofEntity more", () -> all.ofEntity("entity", "key", (String) null));
        calls.put("Selection.of", () -> all.of(null));
        calls.put("Selection.named", () -> all.named(null));
        calls.put("Selection.named more", () -> all.named("happened", (String) null));
        calls.put("register", () -> store().register((EntityType[]) null));
        calls.put("register one", () -> store().register((EntityType) null));
        calls.put("replay entity", () -> store().replay((Entity) null));
        calls.put("replay selection", () -> store().replay((Selection) null));
        calls.put("replay fold", () -> store().replay(entity, null));
        calls.put("replay fold of no entity", () -> store().replay(null, event -> {}));
        calls.put("append", () -> store().append(null));
        calls.put("join connection", () -> store().join((Connection) null));
        calls.put("join handle", () -> store().join((Handle) null));
        calls.put("open", () -> SqlEventStore.open(null));
        calls.put("open data source", () -> SqlEventStore.open(null, dialect(), options()));
        calls.put("open dialect", () -> SqlEventStore.open(connections(), null, options()));
        calls.put("open options", () -> SqlEventStore.open(connections(), dialect(), null));
        calls.put("schema", () -> SqlSchema.of(null, dialect(), options()));
        calls.put("dialects", () -> Dialects.of(null));
        calls.put("options schema", () -> options().withSchema(null));
        calls.put("options prefix", () -> options().withPrefix(null));
        return calls;
    }

    @Test
    final void ERR_1_values_out_of_range_are_a_programming_error() {
        Selection all = Selection.all();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> all.limit(-1),
                () -> all.from(0),
                () -> all.from(-1),
                () -> keys(501),
                () -> names(501),
                () -> options().withPageSize(0),
                () -> options().withPageSize(20_001),
                () -> options().withFetchSize(0),
                () -> options().withFetchSize(10_001),
                () -> options().withMaxAttempts(0),
                () -> options().withMaxAttempts(1_001),
                () -> options().withAppendsPerCommit(-1),
                () -> options().withAppendsPerCommit(65))) {
            assertThatThrownBy(call).isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Selection keys(int count) {
        Selection selection = Selection.all();
        for (int i = 0; i < count; i++) {
            selection = selection.ofEntity("entity", "key" + i);
        }
        return selection;
    }

    private static Selection names(int count) {
        Selection selection = Selection.all();
        for (int i = 0; i < count; i++) {
            selection = selection.named("name" + i);
        }
        return selection;
    }

    @Test
    final void ERR_1_joining_a_connection_in_auto_commit_mode_is_a_programming_error() throws SQLException {
        try (Connection connection = connections().getConnection()) {
            assertThatThrownBy(() -> store().join(connection)).isExactlyInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    final void ERR_1_no_connection_is_store_unavailable_whatever_the_data_source_throws() {
        for (SQLException thrown : List.of(
                Tampering.connectionLost(),
                new SQLException("no state at all"),
                new SQLException("wrong password", "28000"),
                new SQLException("a unique violation's state", "23505"),
                fixture().retryable())) {
            DataSource dead = Tampering.with(connections(), call -> {
                throw thrown;
            });
            StoreUnderTest cutOff = tampered(options(), call -> {
                throw thrown;
            });
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> SqlEventStore.open(dead, dialect(), options()),
                    () -> SqlEventStore.open(dead),
                    () -> SqlSchema.of(dead, dialect(), options()).status(),
                    () -> cutOff.append(anAppend()),
                    () -> cutOff.register(EntityType.of(unique("entity"), "happened")),
                    cutOff::registered,
                    () -> cutOff.replay(Entity.of("entity", "key")),
                    () -> cutOff.replay(Selection.all()),
                    cutOff::verify)) {
                assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                StoreUnavailable.class,
                                failure -> assertThat(failure.outcomeUnknown()).isFalse())
                        .hasCause(thrown);
            }
        }
        assertThat(connections().open()).isZero();
    }

    @Test
    final void ERR_1_messages_hold_no_event_data() {
        String secret = "secret" + UUID.randomUUID();
        Entity entity = newEntity("happened");
        NewEvent event =
                NewEvent.of("happened", "{\"password\":\"" + secret + "\"}").withMetadata("[\"" + secret + "\"]");
        UUID id = UUID.randomUUID();
        AppendResult first = store().append(Head.beforeFirst(entity).append(event.withId(id)));
        NewEvent other = NewEvent.of("happened", "[\"" + secret + "\"]");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store().append(Head.beforeFirst(entity).append(event)),
                () -> store().append(first.head().append(other).withKey(first.key())),
                () -> store().append(
                                first.head().append(new NewEvent("unknown", event.data(), event.metadata(), null))),
                () -> store().append(first.head().append(event.withId(id))),
                () -> NewEvent.of("happened", "{\"password\":" + secret + "}"),
                () -> NewEvent.of("happened", "\"" + secret + "\""),
                () -> NewEvent.of("happened", "{\"password\":\"" + secret + "\\ud800\"}"),
                () -> event.withMetadata("[\"" + secret + "\",]"))) {
            Throwable thrown = catchThrowable(call);
            assertThat(thrown).isInstanceOf(EventStoreException.class);
            for (Throwable each = thrown; each != null; each = each.getCause()) {
                assertThat(String.valueOf(each)).doesNotContain(secret);
            }
        }
    }

    // ---- ERR-1 and ERR-3: any call may fail ----

    /** An operation that can be tried and, whatever came of it, tried again through a store that works. */
    interface Operation {
        void run(EventStore store);

        /** Asserts that it was carried out whole, or, if it threw something, not at all unless that says so. */
        void check(@Nullable Throwable thrown);
    }

    @Test
    final void ERR_1_ERR_3_wherever_an_append_fails_it_is_stored_whole_or_not_at_all() {
        failEverywhere(this::appending);
    }

    @Test
    final void ERR_1_ERR_3_wherever_a_repeated_append_fails_it_is_stored_once() {
        failEverywhere(() -> {
            Operation append = appending();
            append.run(store());
            return new Operation() {
                @Override
                public void run(EventStore store) {
                    append.run(store);
                }

                @Override
                public void check(@Nullable Throwable thrown) {
                    append.check(null);
                }
            };
        });
    }

    private Operation appending() {
        Append append = anAppend();
        return new Operation() {
            @Override
            public void run(EventStore store) {
                assertThat(store.append(append).heads()).hasSize(3);
            }

            @Override
            public void check(@Nullable Throwable thrown) {
                List<StoredEvent> stored = stored(append);
                boolean unknown = thrown instanceof StoreUnavailable unavailable && unavailable.outcomeUnknown();
                assertThat(stored.size())
                        .as("events stored by an append that threw %s", thrown)
                        .isIn(thrown == null ? List.of(3) : unknown ? List.of(0, 3) : List.of(0));
                assertThat(stored).extracting(StoredEvent::appendKey).allMatch(append.key()::equals);
            }
        };
    }

    @Test
    final void ERR_1_ERR_3_wherever_a_refusal_fails_nothing_is_stored() {
        failEverywhere(() -> {
            Append stored = anAppend();
            store().append(stored);
            Append stale = stored.withKey(unique("command"));
            return new Operation() {
                @Override
                public void run(EventStore store) {
                    Throwable thrown = catchThrowable(() -> store.append(stale));
                    if (thrown instanceof EventStoreException refusal && !(thrown instanceof StaleAppend)) {
                        throw refusal;
                    }
                    assertThat(thrown).isInstanceOf(StaleAppend.class);
                }

                @Override
                public void check(@Nullable Throwable thrown) {
                    assertThat(stored(stale))
                            .hasSize(3)
                            .noneMatch(event -> event.appendKey().equals(stale.key()));
                }
            };
        });
    }

    @Test
    final void ERR_1_ERR_3_wherever_registering_fails_it_can_be_repeated() {
        failEverywhere(() -> {
            EntityType type = EntityType.of(unique("entity"), "one", "two");
            return new Operation() {
                @Override
                public void run(EventStore store) {
                    store.register(type);
                }

                @Override
                public void check(@Nullable Throwable thrown) {
                    assertThat(store().registered().contains(type))
                            .isIn(thrown == null ? List.of(true) : List.of(true, false));
                    assertThat(store().registered())
                            .filteredOn(each -> each.name().equals(type.name()))
                            .allMatch(type::equals);
                }
            };
        });
    }

    @Test
    final void ERR_1_ERR_3_wherever_a_replay_fails_no_connection_is_kept() {
        Append append = anAppend();
        store().append(append);
        Entity entity = append.parts().get(0).entity();
        failEverywhere(() -> replaying(store -> {
            assertThat(store.replay(entity).events())
                    .hasSize(append.parts().get(0).events().size());
            assertThat(store.registered()).isNotEmpty();
        }));
        failEverywhere(() -> replaying(
                store -> assertThat(store.replay(Selection.all().of(entity).inReverse()))
                        .hasSize(append.parts().get(0).events().size())));
    }

    private static Operation replaying(Consumer<EventStore> replay) {
        return new Operation() {
            @Override
            public void run(EventStore store) {
                replay.accept(store);
            }

            @Override
            public void check(@Nullable Throwable thrown) {
                // a replay leaves nothing behind
            }
        };
    }

    /** Fails the first call on the line, then the second, … until there is no such call: with each kind of exception. */
    final void failEverywhere(Supplier<Operation> operations) {
        failEverywhere(operations, Tampering::connectionLost);
        failEverywhere(operations, fixture()::retryable);
        failEverywhere(operations, () -> new SQLException("anything else (on purpose)", "XX000"));
    }

    private void failEverywhere(Supplier<Operation> operations, Supplier<SQLException> failure) {
        int number = 0;
        OneFailure one;
        do {
            Operation operation = operations.get();
            one = new OneFailure(++number, failure);
            StoreUnderTest failing = tampered(options().withMaxAttempts(3), one);
            Throwable thrown = catchThrowable(() -> operation.run(failing));
            assertKnown(one.toString(), thrown);
            assertThat(connections().open()).as(one.toString()).isZero();
            operation.check(thrown);
            operation.run(store());
            operation.check(null);
        } while (one.happened());
        assertThat(number).as("calls that could fail").isBetween(10, 1_000);
    }

    /** Fails one call, once; what is to be closed is closed in spite of it. */
    private static final class OneFailure implements Tampering.Tamper {
        /** Rows and parameters beyond these are like those before. */
        private static final int LIKE_CALLS = 3;

        private final Supplier<SQLException> failure;
        private final IdentityHashMap<Object, Map<String, Integer>> callsOn = new IdentityHashMap<>();
        private int callsToGo;
        private String site = "nowhere";

        /** At the call of that number, from 1. */
        OneFailure(int number, Supplier<SQLException> failure) {
            this.callsToGo = number;
            this.failure = failure;
        }

        @Override
        public @Nullable Object at(Tampering.Call call) throws Throwable {
            int like = callsOn.computeIfAbsent(call.target(), target -> new HashMap<>())
                    .merge(call.name(), 1, Integer::sum);
            if (!call.mayFail() || like > LIKE_CALLS || --callsToGo != 0) {
                return call.proceed();
            }
            site = call.method().getDeclaringClass().getSimpleName() + "." + call.name() + ", time " + like;
            if (call.name().equals("close")) {
                call.proceed();
            }
            throw failure.get();
        }

        boolean happened() {
            return callsToGo <= 0;
        }

        @Override
        public String toString() {
            return failure.get() + " at " + site;
        }
    }

    private static void assertKnown(String what, @Nullable Throwable thrown) {
        if (thrown != null) {
            assertThat(thrown).as(what).isInstanceOfAny(StoreUnavailable.class, StoreFailure.class);
            assertThat(thrown).as(what).hasCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    final void ERR_1_ERR_3_wherever_opening_fails_no_connection_is_kept() {
        OneFailure one;
        int number = 0;
        do {
            one = new OneFailure(++number, Tampering::connectionLost);
            DataSource failing = Tampering.with(connections(), one);
            Throwable thrown = catchThrowable(() -> SqlEventStore.open(failing, dialect(), options()));
            assertKnown(one.toString(), thrown);
            assertThat(connections().open()).as(one.toString()).isZero();
        } while (one.happened() && number < 1_000);
    }

    @Test
    final void ERR_3_connections_are_given_back_in_the_mode_and_at_the_level_they_came_in() {
        for (int level : isolationLevels()) {
            List<String> left = new ArrayList<>();
            int networkMillis = networkTimeout(as(Role.APPENDER, place()));
            DataSource manual = Tampering.with(
                    as(Role.APPENDER, place()),
                    call -> call.connects() ? manual(call, level) : left(call, level, networkMillis, left));
            StoreUnderTest store = storeOn(manual, options());
            Append append = anAppend();
            store.append(append);
            assertThat(store.append(append).repeated()).isTrue();
            assertThatThrownBy(() -> store.append(append.withKey(unique("command"))))
                    .isInstanceOf(StaleAppend.class);
            assertThat(store.replay(append.parts().get(0).entity()).events())
                    .hasSize(append.parts().get(0).events().size());
            assertThat(store.replay(Selection.all()
                            .ofEntity(append.parts().get(0).entity().name())))
                    .isNotEmpty();
            assertThat(left).as("at level %d", level).isEmpty();
        }
    }

    @Test
    final void ERR_3_an_installation_that_fails_leaves_its_connections_as_they_were() {
        int level = isolationLevels().get(0);
        Place empty = newPlace();
        List<String> left = new ArrayList<>();
        int networkMillis = networkTimeout(empty.dataSource());
        DataSource failing = Tampering.with(empty.dataSource(), call -> {
            if (call.connects()) {
                return manual(call, level);
            }
            if (call.name().equals("execute")
                    && !call.arguments().isEmpty()
                    && String.valueOf(call.arguments().get(0)).contains("CREATE")) {
                throw new SQLException("anything else (on purpose)", "XX000");
            }
            return left(call, level, networkMillis, left);
        });
        SqlSchema schema = SqlSchema.of(failing, dialect(), empty.options());
        assertThatThrownBy(schema::install).isInstanceOf(StoreFailure.class);
        assertThat(left).isEmpty();
        empty.drop().run();
    }

    @Test
    final void ERR_3_an_upgrade_that_breaks_off_is_finished_by_the_next() {
        long statements = DialectStatements.of(dialect(), options()).keySet().stream()
                .filter(name -> name.startsWith("schema-2-"))
                .count();
        assertThat(statements).isGreaterThan(1);
        for (int done = 0; done < statements; done++) {
            Place old = newPlace();
            installFirstVersion(old);
            assertThatThrownBy(SqlSchema.of(dyingAfter(done, old), dialect(), old.options())::install)
                    .isInstanceOf(StoreUnavailable.class);
            SqlSchema schema = SqlSchema.of(old.dataSource(), dialect(), old.options());
            assertThat(schema.status().state()).as("after %d statements", done).isEqualTo(SqlSchema.State.OLDER);
            schema.install();
            assertThat(schema.status().state()).isEqualTo(SqlSchema.State.CURRENT);
            LedgerViews views = new LedgerViews(old, dialect(), old.dataSource());
            assertThat(views.events()).isEmpty();
            assertThat(views.heads()).isEmpty();
            old.drop().run();
        }
    }

    /** The owner's connections of a process that dies when it has executed so many statements of a script. */
    private static DataSource dyingAfter(int statements, Place place) {
        AtomicInteger left = new AtomicInteger(statements);
        return Tampering.with(place.dataSource(), call -> {
            boolean ofScript = call.name().equals("execute")
                    && !call.arguments().isEmpty()
                    && String.valueOf(call.arguments().get(0)).contains("event_");
            if (ofScript && left.getAndDecrement() == 0) {
                call.cut();
            }
            if (left.get() < 0 && call.mayFail() && !call.name().equals("close")) {
                throw Tampering.connectionLost();
            }
            return call.proceed();
        });
    }

    /** A connection at that level and not in auto-commit mode. */
    private static Connection manual(Tampering.Call call, int level) throws Throwable {
        Connection connection = (Connection) java.util.Objects.requireNonNull(call.proceed());
        connection.setTransactionIsolation(level);
        connection.setAutoCommit(false);
        return connection;
    }

    private static int networkTimeout(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return networkTimeout(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** In milliseconds; -1 where the driver knows none. */
    private static int networkTimeout(Connection connection) throws SQLException {
        try {
            return connection.getNetworkTimeout();
        } catch (SQLFeatureNotSupportedException e) {
            return -1;
        }
    }

    /** Notes what is wrong with a connection that is given back. */
    private static @Nullable Object left(Tampering.Call call, int level, int networkMillis, List<String> wrong)
            throws Throwable {
        if (call.target() instanceof Connection connection && call.name().equals("close")) {
            if (connection.getAutoCommit()) {
                wrong.add("in auto-commit mode");
            }
            if (connection.getTransactionIsolation() != level) {
                wrong.add("at level " + connection.getTransactionIsolation());
            }
            if (networkTimeout(connection) != networkMillis) {
                wrong.add("with a network timeout of " + networkTimeout(connection));
            }
            connection.rollback();
        }
        return call.proceed();
    }

    // ---- ERR-2 ----

    @Test
    final void ERR_2_what_the_database_asks_to_try_again_is_tried_again() {
        for (int failures = 1; failures <= 4; failures++) {
            AtomicInteger left = new AtomicInteger(failures);
            EventStore busy = tampered(options().withMaxAttempts(5), call -> refuseToWrite(call, left));
            Append append = anAppend();
            AppendResult result = busy.append(append);
            assertThat(result.repeated()).isFalse();
            assertThat(left.get()).isLessThanOrEqualTo(0);
            assertThat(stored(append)).extracting(StoredEvent::head).containsExactlyElementsOf(result.heads());
        }
    }

    @Test
    final void ERR_2_a_replay_is_tried_again_too() {
        Append append = anAppend();
        store().append(append);
        AtomicInteger left = new AtomicInteger(4);
        EventStore busy = tampered(options().withMaxAttempts(5), call -> refuseToWrite(call, left));
        Entity entity = append.parts().get(0).entity();
        assertThat(busy.replay(entity)).isEqualTo(store().replay(entity));
        left.set(4);
        assertThat(busy.replay(Selection.all().of(entity)))
                .containsExactlyElementsOf(store().replay(entity).events());
        left.set(4);
        EntityType type = EntityType.of(unique("entity"), "happened");
        busy.register(type);
        assertThat(store().registered()).contains(type);
    }

    @Test
    final void ERR_2_it_is_tried_a_bounded_number_of_times() {
        for (int attempts : new int[] {1, 2, 7}) {
            AtomicInteger made = new AtomicInteger();
            EventStore busy = tampered(options().withMaxAttempts(attempts), call -> {
                if (statement(call)) {
                    made.incrementAndGet();
                }
                return refuseToWrite(call, new AtomicInteger(1));
            });
            Append append = anAppend();
            assertThatThrownBy(() -> busy.append(append))
                    .isInstanceOfSatisfying(
                            StoreUnavailable.class,
                            failure -> assertThat(failure.outcomeUnknown()).isFalse())
                    .hasCauseInstanceOf(SQLException.class);
            assertThat(made).as("attempts made").hasValue(attempts);
            assertThat(stored(append)).isEmpty();
            assertThat(connections().open()).isZero();
        }
    }

    /** Throws what asks to try again, where a statement on the ledger would be sent. */
    private @Nullable Object refuseToWrite(Tampering.Call call, AtomicInteger left) throws Throwable {
        if (statement(call) && left.getAndDecrement() > 0) {
            throw fixture().retryable();
        }
        return call.proceed();
    }

    private static boolean statement(Tampering.Call call) {
        return call.name().startsWith("prepareStatement");
    }

    // ---- ERR-4 ----

    @Test
    final void ERR_4_attempts_end_with_the_timeout() {
        AtomicInteger made = new AtomicInteger();
        EventStore busy = tampered(options().withMaxAttempts(1_000).withTimeout(Duration.ofSeconds(1)), call -> {
            made.addAndGet(statement(call) ? 1 : 0);
            return refuseToWrite(call, new AtomicInteger(1));
        });
        Append append = anAppend();
        for (ThrowingCallable each : List.<ThrowingCallable>of(
                () -> busy.append(append), () -> busy.registered(), () -> busy.replay(Selection.all()))) {
            long began = System.nanoTime();
            assertThatThrownBy(each)
                    .isInstanceOfSatisfying(
                            StoreUnavailable.class,
                            failure -> assertThat(failure.outcomeUnknown()).isFalse());
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
        }
        assertThat(made.get()).as("attempts that short pauses leave time for").isGreaterThan(10);
        assertThat(stored(append)).isEmpty();
        assertThat(connections().open()).isZero();
    }

    @Test
    final void ERR_4_DUP_5_an_append_behind_a_transaction_that_stays_open_ends_and_says_what_became_of_it()
            throws SQLException {
        Append held = anAppend();
        Append behind = held.withKey(unique("command"));
        EventStore hasty = storeOn(connections(), options().withTimeout(Duration.ofSeconds(1)));
        boolean unknown;
        try (Connection holder = joining().getConnection()) {
            holder.setAutoCommit(false);
            store().join(holder).append(held);
            long began = System.nanoTime();
            StoreUnavailable late = catchThrowableOfType(StoreUnavailable.class, () -> hasty.append(behind));
            assertThat(late).as("an append that can't be stored yet").isNotNull();
            unknown = late.outcomeUnknown();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(connections().open()).isZero();
            holder.rollback();
            holder.setAutoCommit(true);
        }
        AppendResult result = store().append(behind); // its first request may still be under way
        assertThat(result.repeated()).as("stored at once, although nothing was").isIn(false, unknown);
        assertThat(stored(behind)).extracting(StoredEvent::head).containsExactlyElementsOf(result.heads());
    }

    @Test
    final void ERR_4_an_interrupted_thread_stops_trying() throws InterruptedException {
        EventStore busy = tampered(options().withMaxAttempts(1_000), call -> refuseToWrite(call, new AtomicInteger(1)));
        Append append = anAppend();
        assertEndsWhenInterrupted(() -> busy.append(append));
        assertThat(stored(append)).isEmpty();
    }

    @Test
    final void ERR_4_TAIL_1_an_interrupted_thread_stops_following() throws InterruptedException {
        String nothing = newEntityName("happened");
        Tail tail = store().tail(Selection.all().ofEntity(nothing), Cursor.START, TailOptions.defaults());
        assertEndsWhenInterrupted(() -> {
            while (true) { // to the end of what the other tests have stored, and then waiting
                tail.next(Duration.ofMinutes(5));
            }
        });
    }

    private void assertEndsWhenInterrupted(Runnable call) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            thrown.set(catchThrowable(call::run));
            flag.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        Thread.sleep(300); // by now it pauses between two attempts, most of the time
        assertThat(thread.isAlive()).isTrue();
        thread.interrupt();
        thread.join(Duration.ofSeconds(20).toMillis());
        assertThat(thread.isAlive()).as("goes on").isFalse();
        assertThat(thrown.get()).isInstanceOf(StoreUnavailable.class);
        assertThat(flag).as("the thread's flag").isTrue();
        assertThat(connections().open()).isZero();
    }

    // ---- ERR-2, under load ----

    /** {@code -Dcertify.hammer.seconds=600} makes it last longer. */
    @Test
    final void ERR_2_ATM_1_many_writers_of_the_same_entities_in_any_order_meet_nothing_but_stale_heads(
            TestReporter report) {
        String name = newEntityName("happened");
        List<Entity> entities = List.of("a", "b", "c", "d", "e", "f", "g", "h").stream()
                .map(key -> Entity.of(name, key))
                .toList();
        AtomicInteger retried = new AtomicInteger();
        EventStore counted = tampered(options(), call -> countRetryable(call, retried));
        long end = System.nanoTime() + Duration.ofSeconds(HAMMER_SECONDS).toNanos();
        List<Race.Outcome<Integer>> outcomes = Race.run(
                HAMMERERS,
                Duration.ofSeconds(HAMMER_SECONDS).plusMinutes(2),
                number -> hammer(counted, entities, new Random(number), end));
        assertThat(outcomes).allMatch(Race.Outcome::won, "met nothing but stale heads");
        int acknowledged = outcomes.stream()
                .mapToInt(each -> each.value() == null ? 0 : each.value())
                .sum();
        report.publishEntry(Map.of(
                "events stored",
                String.valueOf(acknowledged),
                "deadlocks and the like tried again",
                retried.toString()));
        assertThat(acknowledged).isPositive();
        assertThat(all(name)).hasSize(acknowledged);
        assertThat(store().verify().checks())
                .allMatch(check -> check.violations().isEmpty());
    }

    private @Nullable Object countRetryable(Tampering.Call call, AtomicInteger retryable) throws Throwable {
        try {
            return call.proceed();
        } catch (SQLException e) {
            if (dialect().fault(e) == Fault.RETRYABLE) {
                retryable.incrementAndGet();
            }
            throw e;
        }
    }

    /** Appends to some entities at once, as long as there is time; how many events were stored. */
    private static int hammer(EventStore store, List<Entity> entities, Random random, long end) {
        int stored = 0;
        while (System.nanoTime() < end) {
            List<Entity> some = new ArrayList<>(entities);
            java.util.Collections.shuffle(some, random);
            Append append = null;
            for (Entity entity : some.subList(0, 1 + random.nextInt(some.size()))) {
                Append part = store.replay(entity, event -> {}).append(HAPPENED);
                append = append == null ? part : append.and(part);
            }
            try {
                stored += store.append(java.util.Objects.requireNonNull(append))
                        .heads()
                        .size();
            } catch (StaleAppend expected) {
                assertThat(expected.current().revision())
                        .isGreaterThan(expected.expected().revision());
            }
        }
        return stored;
    }
}
