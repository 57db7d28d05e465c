package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is put back under a store that goes on living (contract RPL-3, TAIL-4). */
class RestoredFileTest {
    private static final NewEvent HAPPENED = NewEvent.of("happened", "{}");

    @TempDir
    Path folder;

    private final HikariDataSource file = new HikariDataSource();

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void what_the_store_knew_of_positions_is_forgotten() throws Exception {
        Path live = folder.resolve("live.db");
        file.setJdbcUrl("jdbc:sqlite:" + live);
        file.setMinimumIdle(0);
        SqlSchema.of(file).install();
        SqlEventStore store = SqlEventStore.open(file);
        store.register(EntityType.of("a", "happened"));
        Head head = store.append(Head.beforeFirst(Entity.of("a", "key")).append(HAPPENED, HAPPENED))
                .head();
        backUp(live);
        store.append(head.append(HAPPENED, HAPPENED, HAPPENED));
        assertThat(store.replay(Selection.all())).hasSize(5);
        Tail tail = store.tail(Selection.all(), Cursor.START);
        assertThat(tail.next(Duration.ofSeconds(5)).events()).hasSize(5);

        restore(live);
        insertAt(head, 5);

        assertThat(store.replay(Selection.all()))
                .extracting(StoredEvent::position)
                .containsExactly(1L, 2L, 5L);
        assertThat(rows()).as("what is missing below was settled before").isEqualTo(5);
        assertThatThrownBy(() -> tail.next(Duration.ZERO)).isInstanceOf(CursorRefused.class);
    }

    private void backUp(Path live) throws SQLException, IOException {
        execute("VACUUM INTO '" + folder.resolve("backup.db") + "'");
        assertThat(live).exists();
    }

    private void restore(Path live) throws IOException {
        file.getHikariPoolMXBean().softEvictConnections();
        Files.deleteIfExists(folder.resolve("live.db-wal"));
        Files.deleteIfExists(folder.resolve("live.db-shm"));
        Files.copy(folder.resolve("backup.db"), live, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As if a writer drew positions and another one committed before it. */
    private void insertAt(Head previous, long position) throws SQLException {
        execute(
                "INSERT INTO event_ledger (position, event_id, entity, entity_key, revision, prior_revision, previous_id,"
                        + " event, append_key, append_index, data) SELECT " + position
                        + ", randomblob(16), entity, entity_key, revision + 1, revision, event_id, event, 'by-hand', 0, '{}'"
                        + " FROM event_ledger WHERE position = " + previous.position());
    }

    private long rows() throws SQLException {
        try (var connection = file.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM event_ledger")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = file.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
