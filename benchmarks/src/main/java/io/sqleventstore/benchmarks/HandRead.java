package io.sqleventstore.benchmarks;

import io.sqleventstore.Entity;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Reads a floor's events, by one query each, into the records that the library gives. */
final class HandRead {
    private static final int FETCH_SIZE = 1_000;

    private final DataSource connections;
    private final Dialect dialect;

    HandRead(DataSource connections, Dialect dialect) {
        this.connections = connections;
        this.dialect = dialect;
    }

    /** In a transaction, outside of which some drivers fetch the whole result at once. */
    long all(String sql, Consumer<StoredEvent> reader, String... values) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            dialect.begin(connection, false);
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    query.setString(i + 1, values[i]);
                }
                return read(connection, query, reader);
            } finally {
                dialect.rollback(connection);
            }
        }
    }

    long entity(String sql, String key, Consumer<StoredEvent> reader) throws SQLException {
        return all(sql, reader, Place.ENTITY, key);
    }

    List<StoredEvent> beyond(String sql, long position) throws SQLException {
        List<StoredEvent> events = new ArrayList<>();
        try (Connection connection = connections.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, position);
            read(connection, query, events::add);
        }
        return events;
    }

    private long read(Connection connection, PreparedStatement query, Consumer<StoredEvent> reader)
            throws SQLException {
        query.setFetchSize(dialect.fetchSize(connection, FETCH_SIZE));
        long count = 0;
        try (ResultSet row = query.executeQuery()) {
            for (; row.next(); count++) {
                reader.accept(event(row));
            }
        }
        return count;
    }

    private StoredEvent event(ResultSet row) throws SQLException {
        long position = row.getLong(1);
        UUID id = dialect.id(row, 2);
        Entity entity = new Entity(row.getString(3), row.getString(4));
        long revision = row.getLong(5);
        return new StoredEvent(
                position,
                id,
                entity,
                revision,
                revision == 1 ? null : dialect.id(row, 6),
                row.getString(7),
                row.getString(8),
                row.getInt(9),
                row.getString(10),
                row.getString(11),
                dialect.instant(row, 12));
    }
}
