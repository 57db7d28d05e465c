package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/** An insert stays prepared on its connection, and nothing else is different for it. */
class PreparedOnceTest {
    private static final Entity ENTITY = Entity.of("entity", "key");

    @TempDir
    Path folder;

    private final AtomicInteger prepared = new AtomicInteger();
    private String failsAt = "";
    private Throwable failure;
    private Failing last;
    private HikariDataSource pool;
    private SqlEventStore store;

    /** Counts how many inserts into the ledger its driver's connections prepare. */
    private final class Counting extends SQLiteDataSource {
        @Override
        public JDBC4Connection getConnection(String user, String password) throws SQLException {
            return new JDBC4Connection(getUrl(), file(), new Properties()) {
                @Override
                public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
                        throws SQLException {
                    if (!sql.startsWith("INSERT INTO event_ledger")) {
                        return super.prepareStatement(sql, type, concurrency, holdability);
                    }
                    prepared.incrementAndGet();
                    return new Failing(this, sql);
                }
            };
        }
    }

    /** The driver's statement, which fails once where it is told to, and lets its values be seen. */
    private final class Failing extends JDBC4PreparedStatement {
        Failing(SQLiteConnection connection, String sql) throws SQLException {
            super(connection, sql);
            last = this;
        }

        Object[] values() {
            return batch;
        }

        private void at(String place) throws SQLException {
            if (place.equals(failsAt)) {
                failsAt = "";
                if (failure instanceof SQLException e) {
                    throw e;
                } else if (failure instanceof RuntimeException e) {
                    throw e;
                }
                throw (Error) failure;
            }
        }

        @Override
        public void setLong(int parameter, long value) throws SQLException {
            at("bind");
            super.setLong(parameter, value);
        }

        @Override
        public boolean execute() throws SQLException {
            at("execute");
            return super.execute();
        }

        @Override
        public ResultSet getResultSet() throws SQLException {
            at("read");
            return super.getResultSet();
        }

        @Override
        public void clearParameters() throws SQLException {
            at("clear");
            super.clearParameters();
        }
    }

    private String file() {
        return folder.resolve("ledger.db").toString();
    }

    @BeforeEach
    void open() {
        SQLiteDataSource counting = new Counting();
        counting.setUrl("jdbc:sqlite:" + file());
        HikariConfig config = new HikariConfig();
        config.setDataSource(counting);
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
        install();
    }

    private void install() {
        SqlSchema.of(pool, new SqliteDialect(), StoreOptions.defaults()).install();
        store = SqlEventStore.open(pool, new SqliteDialect());
        store.register(EntityType.of("entity", "happened"));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static Append next(Head head) {
        return head.append(NewEvent.of("happened", "{\"after\":" + head.revision() + "}"));
    }

    private Head append(Head head, int times) {
        Head reached = head;
        for (int i = 0; i < times; i++) {
            reached = store.append(next(reached)).head();
        }
        return reached;
    }

    @Test
    void many_appends_prepare_one_insert() {
        append(Head.beforeFirst(ENTITY), 20);

        assertThat(prepared).hasValue(1);
        assertThat(store.replay(Selection.all()))
                .extracting(StoredEvent::data)
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(i -> "{\"after\":" + i + "}")
                        .toList());
        assertThat(store.verify().clean()).isTrue();
    }

    @Test
    void of_each_length_one_is_prepared() {
        Head head = Head.beforeFirst(ENTITY);
        for (int round = 0; round < 5; round++) {
            for (int events : new int[] {1, 3, 7}) {
                head = store.append(head.append(Collections.nCopies(events, NewEvent.of("happened", "{}"))))
                        .head();
            }
        }

        assertThat(prepared).hasValue(3);
        assertThat(store.replay(ENTITY).head()).isEqualTo(head);
    }

    @Test
    void one_that_was_refused_is_prepared_anew() {
        Head head = append(Head.beforeFirst(ENTITY), 2);
        assertThatThrownBy(() -> store.append(next(Head.beforeFirst(ENTITY)))).isInstanceOf(StaleAppend.class);
        Head reached = append(head, 2);

        assertThat(prepared).hasValue(2);
        assertThat(reached.revision()).isEqualTo(4);
    }

    @Test
    void in_the_callers_transaction_the_pool_sees_each() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Head head = store.join(connection)
                    .append(next(Head.beforeFirst(ENTITY)))
                    .head();
            store.join(connection).append(next(head));
            // neither committed nor rolled back: the pool knows that there is something to roll back
        }

        assertThat(prepared).hasValue(2);
        assertThat(store.replay(Selection.all())).isEmpty();
    }

    @Test
    void one_for_which_there_is_no_room_on_the_disk_stores_nothing_and_works_again_later() throws SQLException {
        Head head = append(Head.beforeFirst(ENTITY), 3);
        setMostPages("(SELECT page_count FROM pragma_page_count())");
        Append large = head.append(NewEvent.of("happened", "{\"text\":\"" + "x".repeat(100_000) + "\"}"));
        assertThatThrownBy(() -> store.append(large)).isInstanceOf(StoreFailure.class);
        assertThat(store.replay(Selection.all())).hasSize(3);

        setMostPages("1000000");
        assertThat(store.append(large).repeated()).isFalse();
        assertThat(store.verify().clean()).isTrue();
    }

    /** Of the only connection. */
    private void setMostPages(String number) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST(" + number + " AS INTEGER)")) {
            int pages = row.getInt(1);
            statement.execute("PRAGMA max_page_count = " + pages);
        }
    }

    @Test
    void one_that_waits_in_vain_for_the_lock_stores_nothing_and_works_again_later() throws SQLException {
        SqlEventStore hasty = SqlEventStore.open(
                pool, new SqliteDialect(), StoreOptions.defaults().withTimeout(Duration.ofSeconds(1)));
        Head head = append(Head.beforeFirst(ENTITY), 3);
        Append next = next(head);
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> hasty.append(next))
                    .isInstanceOfSatisfying(
                            StoreUnavailable.class,
                            e -> assertThat(e.outcomeUnknown()).isFalse());
        }

        assertThat(store.append(next).repeated()).isFalse();
        assertThat(store.replay(Selection.all())).hasSize(4);
    }

    @Test
    void it_holds_nothing_of_an_event() {
        append(Head.beforeFirst(ENTITY), 1);

        assertThat(last.values()).containsOnlyNulls();
    }

    @Test
    void whatever_fails_an_event_is_stored_once_or_never_and_the_connection_works() {
        Head head = append(Head.beforeFirst(ENTITY), 2);
        int failures = 0;
        for (String place : List.of("bind", "execute", "read", "clear")) {
            for (Throwable thrown : List.of(
                    new SQLiteException("busy (on purpose)", SQLiteErrorCode.SQLITE_BUSY),
                    new SQLException("unknown (on purpose)"),
                    new IllegalStateException("on purpose"),
                    new LinkageError("on purpose"))) {
                failsAt = place;
                failure = thrown;
                Append next = next(head);
                try {
                    store.append(next);
                } catch (EventStoreException | IllegalStateException | LinkageError e) {
                    failures++;
                }
                assertThat(failsAt).as(place).isEmpty();
                head = store.append(next).head();
                head = append(head, 2);
            }
        }

        assertThat(failures)
                .as("not of what could be tried again, nor after all was read")
                .isBetween(7, 11);
        assertThat(store.replay(ENTITY).head()).isEqualTo(head);
        assertThat(head.revision()).isEqualTo(2 + 16 * 3);
        assertThat(store.verify().clean()).isTrue();
    }

    @Test
    void tables_that_are_created_anew_are_found() throws SQLException {
        append(Head.beforeFirst(ENTITY), 3);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "DROP VIEW event_heads; DROP VIEW replay_events; DROP TABLE event_ledger; DROP TABLE event_registry; DROP TABLE event_schema");
        }
        install();

        assertThat(append(Head.beforeFirst(ENTITY), 3).revision()).isEqualTo(3);
        assertThat(store.replay(Selection.all())).hasSize(3);
    }

    @Test
    void nothing_of_it_goes_on_on_its_connection() throws SQLException {
        append(Head.beforeFirst(ENTITY), 3);

        try (Connection same = pool.getConnection();
                Statement statement = same.createStatement()) {
            statement.execute("VACUUM"); // which SQLite refuses while any statement of the connection is at work
        }
        assertThat(prepared).hasValue(1);
    }

    @Test
    void it_holds_up_no_checkpoint() throws SQLException {
        append(Head.beforeFirst(ENTITY), 3);

        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            assertThat(row.getInt(1)).as("busy").isZero();
        }
    }
}
