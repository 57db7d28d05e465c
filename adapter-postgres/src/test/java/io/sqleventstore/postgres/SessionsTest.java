package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Append;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.conformance.BriefInserts;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the store sends over a connection, and that it leaves nothing in a session, so that a pooler may share sessions between transactions. */
class SessionsTest {
    private static final String SCHEMA = "es_sessions";
    private static final StoreOptions OPTIONS = StoreOptions.defaults().withSchema(SCHEMA);
    private static final String LEFT_BEHIND =
            "SELECT name || ' = ' || setting FROM pg_settings WHERE source = 'session'"
                    + " AND name <> 'transaction_isolation'" // set anew, from its default, as each transaction begins
                    + " UNION ALL SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                    + " UNION ALL SELECT 'prepared ' || name FROM pg_prepared_statements"
                    + " ORDER BY 1";

    private static TestDatabase database;
    private static String url;

    @BeforeAll
    static void install() throws Exception {
        database = PostgresConformanceTest.anyServer();
        url = database.jdbcUrl(new PostgresFixture());
        url += (url.contains("?") ? "&" : "?")
                + "prepareThreshold=0"; // what a pooler needs that knows no prepared statements
        execute("CREATE SCHEMA " + SCHEMA);
        SqlSchema.of(dataSource(SessionsTest::open), new PostgresDialect(), OPTIONS)
                .install();
    }

    @AfterAll
    static void drop() throws Exception {
        execute("DROP SCHEMA " + SCHEMA + " CASCADE");
        database.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection open() throws SQLException {
        return DriverManager.getConnection(url);
    }

    // ---- round trips ----

    @Test
    void an_insert_that_is_to_wait_briefly_does() throws Exception {
        new BriefInserts(new PostgresDialect()).assertKept(database.jdbcUrl(new PostgresFixture()));
    }

    @Test
    void ORD_1_ATM_1_an_append_is_one_round_trip() {
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        SqlEventStore store = SqlEventStore.open(
                dataSource(() -> watched(Connection.class, open(), sent)), new PostgresDialect(), OPTIONS);
        store.register(EntityType.of("trip", "made"));
        for (int events : new int[] {1, 2, 500}) {
            Append append = Head.beforeFirst(Entity.of("trip", "of " + events))
                    .append(Collections.nCopies(events, NewEvent.of("made", "{}")));
            sent.clear();
            assertThat(store.append(append).heads()).hasSize(events);
            assertThat(sent).as("what an append of %d events sends", events).containsExactly("execute");
        }
    }

    @Test
    void ERR_4_an_append_behind_an_open_transaction_is_cancelled_so_that_it_is_known_not_to_be_stored()
            throws SQLException {
        SqlEventStore store = SqlEventStore.open(dataSource(SessionsTest::open), new PostgresDialect(), OPTIONS);
        store.register(EntityType.of("held", "made"));
        Append append = Head.beforeFirst(Entity.of("held", "1")).append(NewEvent.of("made", "{}"));
        SqlEventStore hasty = SqlEventStore.open(
                dataSource(SessionsTest::open), new PostgresDialect(), OPTIONS.withTimeout(Duration.ofSeconds(1)));
        try (Connection holder = open()) {
            holder.setAutoCommit(false);
            store.join(holder).append(append);
            assertThatThrownBy(() -> hasty.append(append.withKey("behind")))
                    .isInstanceOfSatisfying(
                            StoreUnavailable.class,
                            late -> assertThat(late.outcomeUnknown()).isFalse());
            holder.commit();
        }
        assertThat(store.replay(Entity.of("held", "1")).events()).hasSize(1);
    }

    @Test
    void RPL_4_a_replay_of_one_event_makes_no_later_one_fetch_fewer_at_a_time() {
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        SqlEventStore store = SqlEventStore.open(
                dataSource(() -> watched(Connection.class, open(), sent)), new PostgresDialect(), OPTIONS);
        store.register(EntityType.of("fetched", "made"));
        Entity entity = Entity.of("fetched", "1");
        store.append(Head.beforeFirst(entity).append(Collections.nCopies(150, NewEvent.of("made", "{}"))));
        sent.clear();
        Selection all = Selection.all().of(entity);
        for (Selection each : List.of(all, all.limit(1), all)) {
            assertThat(store.replay(each).count()).isEqualTo(Math.min(150, each.limit()));
        }
        // 1 is for the position up to which all is decided
        assertThat(sent.stream().filter(call -> call.startsWith("setFetchSize") && !call.endsWith(" 1")))
                .containsExactly("setFetchSize 100", "setFetchSize 200", "setFetchSize 200");
    }

    @Test
    void ATM_2_a_joined_append_is_one_statement_in_a_savepoint() throws SQLException {
        SqlEventStore store = SqlEventStore.open(dataSource(SessionsTest::open), new PostgresDialect(), OPTIONS);
        store.register(EntityType.of("joined", "made"));
        Head head = store.append(Head.beforeFirst(Entity.of("joined", "1")).append(NewEvent.of("made", "{}")))
                .head();
        List<String> sent = new ArrayList<>();
        try (Connection connection = open()) {
            connection.setAutoCommit(false);
            EventStore joined = store.join(watched(Connection.class, connection, sent));
            joined.append(head.append(NewEvent.of("made", "{}")));
            connection.commit();
        }
        assertThat(sent).containsExactly("setSavepoint", "execute", "releaseSavepoint");
    }

    /** Notes what goes to the server: statements, and what begins, ends or asks about a transaction. */
    private static <T> T watched(Class<T> type, T real, List<String> sent) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            String name = method.getName();
            boolean ends =
                    name.equals("commit") || name.equals("rollback") || name.startsWith("setTransactionIsolation");
            boolean inside = name.endsWith("Savepoint") || name.equals("getTransactionIsolation");
            if (name.startsWith("execute")
                    || ends
                    || inside
                    || (name.equals("setAutoCommit") && arguments[0].equals(false))) {
                sent.add(name);
            } else if (name.equals("setFetchSize")) {
                sent.add(name + " " + arguments[0]);
            }
            Object result = call(method, real, arguments);
            return result instanceof Statement statement && type == Connection.class
                    ? watched(java.sql.PreparedStatement.class, (java.sql.PreparedStatement) statement, sent)
                    : result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    // ---- sessions that are shared between transactions ----

    @Test
    void ERR_3_a_pooler_may_share_sessions_between_transactions() throws Exception {
        try (Pooler pooler = new Pooler()) {
            SqlEventStore store = SqlEventStore.open(dataSource(pooler::connection), new PostgresDialect(), OPTIONS);
            store.register(EntityType.of("pooled", "seen"));
            List<String> before = pooler.leftBehind();
            Entity entity = Entity.of("pooled", "1");
            NewEvent seen = NewEvent.of("seen", "{}");
            Head head = store.append(Head.beforeFirst(entity).append(seen)).head();
            try (Connection connection = open()) {
                connection.setAutoCommit(false);
                store.join(connection).append(head.append(seen));
                connection.rollback(); // leaves a hole
            }
            store.append(store.replay(entity).append(seen, seen));
            assertThat(store.append(head.append(seen)
                                    .withKey(
                                            store.replay(entity).events().get(0).appendKey()))
                            .repeated())
                    .isTrue();
            List<StoredEvent> followed = new ArrayList<>();
            Tail tail = store.tail(Selection.all().of(entity), Cursor.START, TailOptions.defaults());
            while (followed.size() < 3) {
                followed.addAll(tail.next(Duration.ofSeconds(10)).events());
            }
            try (Stream<StoredEvent> replayed = store.replay(Selection.all().of(entity))) {
                assertThat(followed).isEqualTo(replayed.toList());
            }
            assertThat(pooler.changes())
                    .as("sessions changed between transactions")
                    .isGreaterThan(5);
            assertThat(pooler.leftBehind()).isEqualTo(before);
        }
    }

    /** Two sessions; whoever has a connection meets the other one after each transaction, as behind PgBouncer's transaction mode. */
    private static final class Pooler implements AutoCloseable {
        private final List<Connection> sessions = List.of(open(), open());
        private int current;
        private int changes;

        Pooler() throws SQLException {}

        Connection connection() {
            InvocationHandler handler = (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                    return null;
                }
                Connection session = sessions.get(current);
                Object result = call(method, session, arguments);
                boolean ended =
                        method.getName().equals("commit") || method.getName().equals("rollback");
                boolean begins = method.getName().endsWith("Statement") && session.getAutoCommit();
                if (ended || begins) {
                    change(session.getAutoCommit());
                }
                return result;
            };
            return (Connection)
                    Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class}, handler);
        }

        /** A statement in auto-commit mode is a transaction by itself: the next one meets the other session. */
        private void change(boolean autoCommit) throws SQLException {
            changes++;
            current = 1 - current;
            sessions.get(current).setAutoCommit(autoCommit);
        }

        int changes() {
            return changes;
        }

        List<String> leftBehind() throws SQLException {
            List<String> all = new ArrayList<>();
            for (Connection session : sessions) {
                session.setAutoCommit(true);
                try (Statement statement = session.createStatement();
                        ResultSet rows = statement.executeQuery(LEFT_BEHIND)) {
                    while (rows.next()) {
                        all.add(rows.getString(1));
                    }
                }
            }
            return all;
        }

        @Override
        public void close() throws SQLException {
            for (Connection session : sessions) {
                session.close();
            }
        }
    }

    // ---- what both need ----

    /** Hands out a connection. */
    private interface Source {
        Connection connection() throws SQLException;
    }

    private static DataSource dataSource(Source source) {
        InvocationHandler handler = (proxy, method, arguments) ->
                method.getName().equals("getConnection") ? source.connection() : call(method, source, arguments);
        return (DataSource)
                Proxy.newProxyInstance(SessionsTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, handler);
    }

    private static Object call(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
