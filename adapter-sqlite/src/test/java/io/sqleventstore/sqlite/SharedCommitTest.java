package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What the store sends: an append that nobody is beside as ever, and many at once in few commits. */
class SharedCommitTest {
    private static final int WRITERS = 32;
    private static final String INSERT = "INSERT INTO event_ledger";
    private static final NewEvent HAPPENED = NewEvent.of("happened", "{}");

    @TempDir
    Path folder;

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private DataSource file;

    @BeforeEach
    void install() {
        SQLiteDataSource real = new SQLiteDataSource();
        real.setUrl("jdbc:sqlite:" + folder.resolve("shared.db"));
        SqlSchema.of(real, new SqliteDialect(), StoreOptions.defaults()).install();
        file = watched(DataSource.class, real, "");
    }

    /** The store, with a registered name. */
    private SqlEventStore store(int appendsPerCommit) {
        SqlEventStore store = SqlEventStore.open(
                file, new SqliteDialect(), StoreOptions.defaults().withAppendsPerCommit(appendsPerCommit));
        store.register(EntityType.of("entity", "happened"));
        sent.clear();
        return store;
    }

    /** Notes the beginning of each statement that is executed. */
    private <T> T watched(Class<T> type, T real, String prepared) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("isWrapperFor")) {
                return false; // all statements come by here
            }
            if (method.getName().startsWith("execute")) {
                String sql = arguments == null ? prepared : String.valueOf(arguments[0]);
                sent.add(sql.replaceFirst("(?s) \\(.*", ""));
            }
            Object result = call(method, real, arguments);
            if (result instanceof Connection connection) {
                return watched(Connection.class, connection, "");
            } else if (result instanceof PreparedStatement statement) {
                return watched(PreparedStatement.class, statement, String.valueOf(arguments[0]));
            }
            return result instanceof Statement statement && real instanceof Connection
                    ? watched(Statement.class, statement, "")
                    : result;
        };
        return type.cast(
                Proxy.newProxyInstance(SharedCommitTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void a_lone_append_sends_what_it_sends_without_groups() {
        for (int appendsPerCommit : new int[] {0, 1}) {
            SqlEventStore store = store(appendsPerCommit);
            store.append(Head.beforeFirst(Entity.of("entity", "alone" + appendsPerCommit))
                    .append(HAPPENED, HAPPENED));
            assertThat(sent).containsExactly("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL", INSERT);
        }
    }

    @Test
    void a_position_is_drawn_above_all_others_whatever_the_generator_says() throws SQLException {
        SqlEventStore store = store(0);
        Head first = store.append(Head.beforeFirst(Entity.of("entity", "drawn")).append(HAPPENED, HAPPENED))
                .head();
        try (Connection connection = file.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'event_ledger'");
        }
        assertThat(store.append(first.append(HAPPENED, HAPPENED)).heads())
                .extracting(Head::position)
                .containsExactly(3L, 4L);
    }

    @Test
    void who_has_little_time_waits_less_for_the_lock_and_leaves_the_connection_as_ever() {
        SqlEventStore store = SqlEventStore.open(
                file, new SqliteDialect(), StoreOptions.defaults().withTimeout(Duration.ofMillis(9_999)));
        store.register(EntityType.of("entity", "happened"));
        sent.clear();
        store.append(Head.beforeFirst(Entity.of("entity", "hasty")).append(HAPPENED));
        assertThat(sent).last().isEqualTo("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL");
        assertThat(sent.get(0)).matches("PRAGMA busy_timeout = \\d{1,4}; PRAGMA synchronous = FULL");
    }

    @Test
    void many_appends_at_once_share_commits() throws Exception {
        assertThat(commitsOf(store(0))).isLessThanOrEqualTo(WRITERS / 4);
    }

    @Test
    void without_groups_each_has_its_own_commit() throws Exception {
        assertThat(commitsOf(store(1))).isEqualTo(WRITERS);
    }

    /** Lets appends come while somebody else writes; in how many commits they are stored then. */
    private int commitsOf(SqlEventStore store) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (Connection other = file.getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            List<Future<AppendResult>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Head none = Head.beforeFirst(Entity.of("entity", "writer" + i));
                running.add(threads.submit(() -> store.append(none.append(HAPPENED))));
            }
            Thread.sleep(1_000);
            assertThat(running).noneMatch(Future::isDone);
            statement.execute("ROLLBACK");
            List<Long> positions = new ArrayList<>();
            for (Future<AppendResult> each : running) {
                positions.add(each.get(60, TimeUnit.SECONDS).head().position());
            }
            assertThat(store.replay(Selection.all()))
                    .hasSize(WRITERS)
                    .extracting(StoredEvent::position)
                    .containsExactlyInAnyOrderElementsOf(positions);
        } finally {
            threads.shutdownNow();
        }
        return Collections.frequency(sent, INSERT); // each in a commit of its own, with BEGIN and COMMIT or without
    }
}
