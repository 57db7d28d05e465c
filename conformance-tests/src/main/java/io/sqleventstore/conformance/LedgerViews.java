package io.sqleventstore.conformance;

import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The views of a store's tables, read as a report would read them. */
final class LedgerViews {
    private final Place place;
    private final Dialect dialect;
    private final DataSource reader;

    /** As that reader sees them. */
    LedgerViews(Place place, Dialect dialect, DataSource reader) {
        this.place = place;
        this.dialect = dialect;
        this.reader = reader;
    }

    /** What {@code replay_events} shows, by position. */
    List<StoredEvent> events() {
        return query(
                "SELECT position, event_id, entity, entity_key, revision, previous_id, event, append_key, append_index, data, metadata,"
                        + " recorded_at FROM " + Suite.table(place, "replay_events") + " ORDER BY position",
                row -> new StoredEvent(
                        row.getLong(1),
                        UUID.fromString(row.getString(2)),
                        Entity.of(row.getString(3), row.getString(4)),
                        row.getLong(5),
                        idOrNull(row.getString(6)),
                        row.getString(7),
                        row.getString(8),
                        row.getInt(9),
                        row.getString(10),
                        row.getString(11),
                        dialect.instant(row, 12)));
    }

    /** What {@code event_heads} shows, by position. */
    List<Head> heads() {
        return query(heads("") + " ORDER BY position", LedgerViews::head);
    }

    /** What {@code event_heads} shows of an entity. */
    List<Head> heads(Entity entity) {
        return query(
                heads(" WHERE entity = '%s' AND entity_key = '%s'".formatted(entity.name(), entity.key())),
                LedgerViews::head);
    }

    private String heads(String condition) {
        return "SELECT entity, entity_key, revision, event_id, position FROM " + Suite.table(place, "event_heads")
                + condition;
    }

    private static Head head(ResultSet row) throws SQLException {
        return new Head(
                Entity.of(row.getString(1), row.getString(2)),
                row.getLong(3),
                UUID.fromString(row.getString(4)),
                row.getLong(5));
    }

    private static @Nullable UUID idOrNull(@Nullable String text) {
        return text == null ? null : UUID.fromString(text);
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Reader<T> each) {
        List<T> rows = new ArrayList<>();
        try (Connection connection = reader.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(each.read(row));
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
        return rows;
    }
}
