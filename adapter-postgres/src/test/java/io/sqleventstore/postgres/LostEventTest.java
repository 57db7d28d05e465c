package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.Tail;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What a tail makes of a server that has lost an event in its middle: a standby without it took over, say. */
class LostEventTest {
    private static final String SCHEMA = "es_lost_event";
    private static final StoreOptions OPTIONS =
            StoreOptions.defaults().withSchema(SCHEMA).withMaxAttempts(1);
    private static final int EVENTS = 5;

    private static TestDatabase database;

    private final Switched dataSource = new Switched();

    /** A data source that can be cut off. */
    private static final class Switched extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private boolean off;

        @Override
        public Connection getConnection() throws SQLException {
            if (off) {
                throw new SQLException("cut off", "08001");
            }
            return super.getConnection();
        }
    }

    @BeforeAll
    static void find() throws Exception {
        database = PostgresConformanceTest.anyServer();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @BeforeEach
    void store() throws SQLException {
        dataSource.setUrl(database.jdbcUrl(new PostgresFixture()));
        execute("CREATE SCHEMA " + SCHEMA);
        SqlSchema.of(dataSource, new PostgresDialect(), OPTIONS).install();
        SqlEventStore store = open();
        store.register(EntityType.of("game", "played"));
        store.append(Head.beforeFirst(Entity.of("game", "1"))
                .append(Collections.nCopies(EVENTS, NewEvent.of("played", "{}"))));
    }

    @AfterEach
    void drop() throws SQLException {
        execute("DROP SCHEMA " + SCHEMA + " CASCADE");
    }

    private SqlEventStore open() {
        return SqlEventStore.open(dataSource, new PostgresDialect(), OPTIONS);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private void loseOneInTheMiddle() throws SQLException {
        execute(
                "ALTER TABLE " + SCHEMA + ".event_ledger DISABLE TRIGGER USER",
                "DELETE FROM " + SCHEMA + ".event_ledger WHERE revision = 3");
    }

    @Test
    void TAIL_4_it_is_noticed_after_a_call_that_failed() throws SQLException {
        Tail tail = open().tail(Selection.all(), Cursor.START);
        assertThat(tail.next(Duration.ZERO).events()).hasSize(EVENTS);
        loseOneInTheMiddle();
        dataSource.off = true;
        assertThatThrownBy(() -> tail.next(Duration.ZERO)).isInstanceOf(StoreUnavailable.class);
        dataSource.off = false;
        assertThatThrownBy(() -> tail.next(Duration.ZERO)).isInstanceOf(CursorRefused.class);
    }

    @Test
    void TAIL_4_it_is_noticed_by_who_resumes() throws SQLException {
        Tail tail = open().tail(Selection.all(), Cursor.START);
        assertThat(tail.next(Duration.ZERO).events()).hasSize(EVENTS);
        loseOneInTheMiddle();
        assertThatThrownBy(() -> open().tail(Selection.all(), tail.cursor()).next(Duration.ZERO))
                .isInstanceOf(CursorRefused.class);
    }
}
