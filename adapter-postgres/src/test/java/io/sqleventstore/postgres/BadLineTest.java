package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.DialectStatements;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What the store makes of a line to its server that breaks, loses an answer or falls silent, and of a server that takes its time. */
class BadLineTest {
    private static final String SCHEMA = "es_bad_line";
    private static final StoreOptions OPTIONS = StoreOptions.defaults().withSchema(SCHEMA);
    private static final NewEvent SENT = NewEvent.of("sent", "{}");

    /** The shortest timeout that a store takes. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** For what reads much, on a busy machine. */
    private static final Duration MODERATE = Duration.ofSeconds(3);

    /** More than the store's timeout and the two seconds that the network has on top. */
    private static final Duration LONG = Duration.ofSeconds(8);

    private static TestDatabase database;
    private static PGSimpleDataSource server;
    private static SqlEventStore store;
    private static int last;

    private final Entity entity = Entity.of("letter", "no " + ++last);
    private final Append append = Head.beforeFirst(entity).append(SENT);

    @BeforeAll
    static void install() throws Exception {
        database = PostgresConformanceTest.anyServer();
        server = new PGSimpleDataSource();
        server.setUrl(database.jdbcUrl(new PostgresFixture()));
        execute("CREATE SCHEMA " + SCHEMA);
        SqlSchema.of(server, new PostgresDialect(), OPTIONS).install();
        store = SqlEventStore.open(server, new PostgresDialect(), OPTIONS);
        store.register(EntityType.of("letter", "sent"));
    }

    @AfterAll
    static void drop() throws Exception {
        execute("DROP SCHEMA " + SCHEMA + " CASCADE");
        database.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static SqlEventStore over(StoreOptions options, BadLine.Source source, BadLine.Meddler meddler) {
        return SqlEventStore.open(BadLine.over(source, meddler), new PostgresDialect(), options);
    }

    private static SQLException lost() {
        return new SQLException("the connection is gone (on purpose)", "08006");
    }

    private static void assertUnavailable(Throwable thrown, boolean outcomeUnknown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        failure -> assertThat(failure.outcomeUnknown()).isEqualTo(outcomeUnknown));
    }

    // ---- a line that breaks ----

    @Test
    void ERR_3_what_can_not_be_rolled_back_is_committed_by_nobody() throws SQLException {
        Append large = Head.beforeFirst(entity).append(Collections.nCopies(501, SENT)); // two statements
        AtomicInteger inserts = new AtomicInteger();
        try (Connection session = server.getConnection()) {
            SqlEventStore broken = over(OPTIONS.withMaxAttempts(1), () -> session, call -> {
                inserts.addAndGet(call.inserts() ? 1 : 0);
                if (inserts.get() == 2 && (call.inserts() || call.is("rollback"))) {
                    throw lost();
                }
                return call.is("close") ? takeBack(session) : call.proceed();
            });
            assertUnavailable(catchThrowable(() -> broken.append(large)), false);
            assertThat(inserts).hasValue(2);
            assertThat(store.replay(entity).events()).isEmpty();
            assertThat(session.isClosed()).as("nobody has it next").isTrue();
        }
        assertThat(store.append(large).repeated()).isFalse();
    }

    @Test
    void ERR_3_an_installation_that_can_not_be_rolled_back_is_committed_by_nobody() throws SQLException {
        StoreOptions half = OPTIONS.withPrefix("half_");
        AtomicInteger statements = new AtomicInteger();
        try (Connection session = server.getConnection()) {
            DataSource broken = BadLine.over(() -> session, call -> {
                if (call.is("createStatement") && statements.incrementAndGet() == 5) {
                    throw new IllegalStateException("in the middle of the script (on purpose)");
                }
                if (call.is("rollback") && statements.get() >= 5) {
                    throw lost();
                }
                return call.is("close") ? takeBack(session) : call.proceed();
            });
            SqlSchema schema = SqlSchema.of(broken, new PostgresDialect(), half);
            assertThat(catchThrowable(schema::install)).hasMessageContaining("in the middle of the script");
            assertThat(session.isClosed()).as("nobody has it next").isTrue();
        }
        assertThat(SqlSchema.of(server, new PostgresDialect(), half).status().state())
                .isEqualTo(SqlSchema.State.MISSING);
    }

    /** As a pool does that resets what JDBC lets it: what is still open is committed by that. */
    private static Object takeBack(Connection session) throws SQLException {
        if (!session.isClosed()) {
            session.setAutoCommit(true);
        }
        return null;
    }

    // ---- a line that loses an answer ----

    @Test
    void DUP_5_what_may_still_come_is_unknown_although_a_later_attempt_was_refused() throws Throwable {
        Append unregistered = Head.beforeFirst(entity).append(NewEvent.of("returned", "{}"));
        AtomicReference<BadLine.Call> underWay = new AtomicReference<>();
        SqlEventStore slow = over(OPTIONS, server::getConnection, call -> {
            if (call.inserts() && underWay.compareAndSet(null, call)) {
                throw lost();
            }
            BadLine.Call first = underWay.get();
            boolean cutOff = first != null && first.connection() == call.connection();
            return cutOff && call.returnsNothing() ? null : call.proceed();
        });
        Throwable refusal = catchThrowable(() -> slow.append(unregistered));
        assertUnavailable(refusal, true);
        assertThat(refusal).hasCauseInstanceOf(UnregisteredEvent.class);

        store.register(EntityType.of("letter", "returned"));
        underWay.get().proceed(); // the first attempt's insert reaches the server at last
        underWay.get().connection().close();
        assertThat(store.append(unregistered).repeated()).isTrue();
        assertThat(store.replay(entity).events()).hasSize(1);
    }

    /** A serialization failure, a disk that is full, a server that is read-only. */
    @ParameterizedTest
    @ValueSource(strings = {"40001", "53100", "25006"})
    void DUP_5_an_outcome_that_is_unknown_stays_so_whatever_later_attempts_meet(String state) {
        AtomicInteger inserts = new AtomicInteger();
        SqlEventStore lossy = over(OPTIONS.withMaxAttempts(3), server::getConnection, call -> {
            if (!call.inserts()) {
                return call.proceed();
            }
            if (inserts.incrementAndGet() > 1) {
                throw new SQLException("not now (on purpose)", state);
            }
            call.proceed();
            throw lost();
        });
        assertUnavailable(catchThrowable(() -> lossy.append(append)), true);
        assertThat(inserts).hasValueGreaterThan(1);
        assertThat(store.append(append).repeated()).isTrue();
        assertThat(store.replay(entity).events()).hasSize(1);
    }

    @Test
    void ERR_4_DUP_5_who_is_interrupted_before_the_next_attempt_is_told_that_the_outcome_is_unknown() {
        SqlEventStore lossy = over(OPTIONS, server::getConnection, call -> {
            Object result = call.proceed();
            if (call.inserts()) {
                Thread.currentThread().interrupt();
                throw lost();
            }
            return result;
        });
        Throwable interruption = catchThrowable(() -> lossy.append(append));
        assertThat(Thread.interrupted()).as("the thread's flag").isTrue();
        assertUnavailable(interruption, true);
        assertThat(interruption).hasCauseInstanceOf(InterruptedException.class);
        assertThat(store.append(append).repeated()).isTrue();
    }

    // ---- a line that falls silent ----

    @Test
    void ERR_4_a_server_that_falls_silent_is_left_although_it_can_not_be_told_to_cancel() throws Exception {
        try (Relay relay = new Relay(server.getServerNames()[0], server.getPortNumbers()[0])) {
            Queue<Connection> open = new ConcurrentLinkedQueue<>(connections(2, relay));
            SqlEventStore hasty = over(
                    OPTIONS.withTimeout(SHORT),
                    () -> relay.isSilent() ? open.remove() : server.getConnection(),
                    BadLine.Call::proceed);
            relay.fallSilent();
            CompletableFuture<Throwable> appending = thrownBy(() -> hasty.append(append));
            CompletableFuture<Throwable> replaying = thrownBy(() -> hasty.replay(entity));
            assertThat(appending).succeedsWithin(LONG).satisfies(thrown -> assertUnavailable(thrown, true));
            assertThat(replaying).succeedsWithin(LONG).satisfies(thrown -> assertUnavailable(thrown, false));
            assertThat(relay.unanswered()).as("requests to cancel").isPositive();
        }
        assertThat(store.append(append).repeated()).isFalse();
    }

    private static List<Connection> connections(int count, Relay relay) throws SQLException {
        PGSimpleDataSource through = new PGSimpleDataSource();
        through.setUrl(database.jdbcUrl(new PostgresFixture()));
        through.setServerNames(new String[] {"127.0.0.1"});
        through.setPortNumbers(new int[] {relay.port()});
        through.setCancelSignalTimeout(1); // for so long a statement waits for its own cancellation
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(through.getConnection());
        }
        return connections;
    }

    private static CompletableFuture<Throwable> thrownBy(ThrowingCallable call) {
        return CompletableFuture.supplyAsync(() -> catchThrowable(call));
    }

    /** The connection's own limit is none, a longer or a shorter one than the store's. */
    @ParameterizedTest
    @ValueSource(ints = {0, 600_000, 5_000})
    void ERR_4_the_network_may_be_silent_as_long_as_the_call_may_take_or_the_connection_says(int ownMillis) {
        List<Integer> during = new ArrayList<>();
        List<Integer> afterwards = new ArrayList<>();
        SqlEventStore timed = over(OPTIONS.withTimeout(Duration.ofSeconds(10)), () -> connection(ownMillis), call -> {
            if (call.executes()) {
                during.add(call.connection().getNetworkTimeout());
            } else if (call.is("close")) {
                afterwards.add(call.connection().getNetworkTimeout());
            }
            return call.proceed();
        });
        timed.append(append);
        timed.replay(entity);
        int longest = ownMillis == 5_000 ? ownMillis : 12_000;
        assertThat(during).hasSizeGreaterThan(2).allMatch(millis -> millis >= 5_000 && millis <= longest);
        assertThat(afterwards).hasSizeGreaterThan(2).containsOnly(ownMillis);
    }

    private static Connection connection(int networkMillis) throws SQLException {
        Connection connection = server.getConnection();
        connection.setNetworkTimeout(Runnable::run, networkMillis);
        return connection;
    }

    // ---- a server that takes its time ----

    @Test
    void ERR_4_a_verification_takes_as_long_as_it_takes() throws Exception {
        Map<String, String> statements = DialectStatements.of(new PostgresDialect(), OPTIONS);
        Set<String> lengthy = Set.of(statements.get("verify-history"), statements.get("verify-totals"));
        List<CompletableFuture<Void>> waits = new ArrayList<>();
        store.append(append);
        try (Connection other = server.getConnection()) {
            other.setAutoCommit(false);
            SqlEventStore hasty =
                    over(OPTIONS.withTimeout(MODERATE).withMaxAttempts(1), server::getConnection, call -> {
                        if (call.executes() && lengthy.contains(call.sql())) {
                            waits.add(lockForLongerThanModerate(other));
                        }
                        return call.proceed();
                    });
            assertThat(hasty.verify().clean()).isTrue();
            assertThat(waits).hasSize(2).allSatisfy(wait -> assertThat(wait).succeedsWithin(LONG));
        }
    }

    /** Whoever reads the ledger waits until the future is done. */
    private static CompletableFuture<Void> lockForLongerThanModerate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + SCHEMA + ".event_ledger");
        }
        return CompletableFuture.runAsync(
                () -> commit(connection),
                CompletableFuture.delayedExecutor(MODERATE.toMillis() + 500, TimeUnit.MILLISECONDS));
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
