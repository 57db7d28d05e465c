package io.sqleventstore.conformance;

import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The control: follows the ledger as many do, by {@code position > ?}, and so misses what commits late. A suite that can't catch it proves
 * nothing.
 */
final class PositionReader {
    private final Place place;
    private final Dialect dialect;
    private final String entityName;
    private long after;

    /** From the ledger's beginning, the events of that entity name. */
    PositionReader(Place place, Dialect dialect, String entityName) {
        this.place = place;
        this.dialect = dialect;
        this.entityName = entityName;
    }

    /** The ids of the events above the last one that it has seen. */
    List<UUID> next() throws SQLException {
        String sql = "SELECT position, event_id FROM " + Suite.table(place, "event_ledger")
                + " WHERE position > ? AND entity = ? ORDER BY position";
        List<UUID> ids = new ArrayList<>();
        try (Connection connection = place.dataSource().getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, after);
            query.setString(2, entityName);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    after = row.getLong(1);
                    ids.add(dialect.id(row, 2));
                }
            }
        }
        return ids;
    }
}
