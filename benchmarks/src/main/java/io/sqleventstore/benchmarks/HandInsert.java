package io.sqleventstore.benchmarks;

import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.UUID;

/** Inserts rows by one statement; into the library's table it also learns their positions, in the way that the dialect needs. */
final class HandInsert {
    private static final String[] POSITION = {"position"};

    private final Dialect dialect;
    private final HandSql sql;
    private final int idType;

    HandInsert(Dialect dialect, HandSql sql) {
        this.dialect = dialect;
        this.sql = sql;
        this.idType = dialect.bind(new UUID(0, 0)) instanceof byte[] ? Types.VARBINARY : Types.OTHER;
    }

    void rows(Connection connection, List<HandRow> rows) throws SQLException {
        boolean key = sql.isKeyAsked(rows.size());
        String text = sql.insert(rows.size());
        try (PreparedStatement insert =
                key ? connection.prepareStatement(text, POSITION) : connection.prepareStatement(text)) {
            int next = 1;
            for (HandRow row : rows) {
                next = bind(insert, next, row);
            }
            if (sql.returnsPositions()) {
                insert.execute();
            } else {
                insert.executeUpdate();
            }
            if (sql.asksForPositions()) {
                readPositions(connection, insert, rows);
            }
        }
    }

    private int bind(PreparedStatement insert, int first, HandRow row) throws SQLException {
        UUID previous = row.previous();
        insert.setObject(first, dialect.bind(row.id()));
        dialect.bindText(insert, first + 1, Place.ENTITY);
        dialect.bindText(insert, first + 2, row.key());
        insert.setLong(first + 3, row.revision());
        if (previous == null) {
            insert.setNull(first + 4, Types.BIGINT);
            insert.setNull(first + 5, idType);
        } else {
            insert.setLong(first + 4, row.revision() - 1);
            insert.setObject(first + 5, dialect.bind(previous));
        }
        dialect.bindText(insert, first + 6, Place.EVENT);
        dialect.bindText(insert, first + 7, row.appendKey());
        insert.setInt(first + 8, row.appendIndex());
        dialect.bind(insert, first + 9, Client.DATA);
        insert.setNull(first + 10, Types.VARCHAR);
        return first + 11;
    }

    private void readPositions(Connection connection, PreparedStatement insert, List<HandRow> rows)
            throws SQLException {
        if (sql.isKeyAsked(rows.size())) {
            try (ResultSet keys = insert.getGeneratedKeys()) {
                check(keys.next() && keys.getLong(1) >= 1);
            }
        } else if (sql.returnsPositions()) {
            try (ResultSet positions = insert.getResultSet()) {
                check(count(positions) == rows.size());
            }
        } else {
            readBack(connection, rows);
        }
    }

    private void readBack(Connection connection, List<HandRow> rows) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql.drawn(rows.size()))) {
            for (int i = 0; i < rows.size(); i++) {
                query.setObject(i + 1, dialect.bind(rows.get(i).id()));
            }
            try (ResultSet positions = query.executeQuery()) {
                check(count(positions) == rows.size());
            }
        }
    }

    private int count(ResultSet positions) throws SQLException {
        int count = 0;
        while (positions.next()) {
            dialect.id(positions, 1);
            check(positions.getLong(2) >= 1);
            count++;
        }
        return count;
    }

    private static void check(boolean told) {
        if (!told) {
            throw new IllegalStateException("The insert returned no position.");
        }
    }
}
