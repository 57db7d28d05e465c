package io.sqleventstore.benchmarks;

import com.github.f4b6a3.uuid.UuidCreator;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** By JDBC and nothing else: a floor. */
final class HandClient implements Client {
    private static final int MOST_ATTEMPTS = 10_000;

    private final DataSource connections;
    private final Dialect dialect;
    private final HandSql sql;
    private final HandInsert insert;
    private final HandRead read;
    private final Tally tally;
    private final Map<String, Last> lasts = new HashMap<>();

    HandClient(DataSource connections, Dialect dialect, HandSql sql, Tally tally) {
        this.connections = connections;
        this.dialect = dialect;
        this.sql = sql;
        this.insert = new HandInsert(dialect, sql);
        this.read = new HandRead(connections, dialect);
        this.tally = tally;
    }

    /** The newest event of an entity. */
    private record Last(long revision, @Nullable UUID id) {
        static final Last NONE = new Last(0, null);
    }

    @Override
    public UUID append(String key, int events) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            List<HandRow> rows = rows(key, events);
            try {
                store(rows);
                HandRow newest = rows.get(rows.size() - 1);
                lasts.put(key, new Last(newest.revision(), newest.id()));
                tally.appended(events);
                return newest.id();
            } catch (SQLException e) {
                lookAgain(e, key, attempt);
            }
        }
    }

    private List<HandRow> rows(String key, int events) {
        Last last = lasts.getOrDefault(key, Last.NONE);
        String appendKey = UuidCreator.getTimeOrderedEpochPlus1().toString();
        List<HandRow> rows = new ArrayList<>(events);
        UUID previous = last.id();
        for (int i = 0; i < events; i++) {
            UUID id = UuidCreator.getTimeOrderedEpochPlus1();
            rows.add(new HandRow(id, key, last.revision() + 1 + i, previous, appendKey, i));
            previous = id;
        }
        return rows;
    }

    private void store(List<HandRow> rows) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            if (sql.isOneStatement(rows.size())) {
                insert.rows(connection, rows);
            } else {
                storeInTransaction(connection, rows);
            }
        }
    }

    private void storeInTransaction(Connection connection, List<HandRow> rows) throws SQLException {
        dialect.begin(connection, true);
        try {
            int most = dialect.rowsPerInsert();
            for (int from = 0; from < rows.size(); from += most) {
                insert.rows(connection, rows.subList(from, Math.min(rows.size(), from + most)));
            }
            dialect.commit(connection);
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private void rollBack(Connection connection, SQLException reason) {
        try {
            dialect.rollback(connection);
        } catch (SQLException e) {
            reason.addSuppressed(e); // the database has done it already
        }
    }

    /** After a refusal finds out what others have stored; throws what trying again doesn't mend. */
    private void lookAgain(SQLException e, String key, int attempt) throws SQLException {
        Fault fault = dialect.fault(e);
        boolean refusal = fault == Fault.UNIQUE || fault == Fault.FOREIGN_KEY || fault == Fault.CHECK;
        if (attempt == MOST_ATTEMPTS || (!refusal && fault != Fault.RETRYABLE)) {
            throw e;
        }
        if (refusal) {
            tally.refused();
            lasts.put(key, last(key));
        }
    }

    private Last last(String key) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement query = connection.prepareStatement(sql.head())) {
            query.setString(1, Place.ENTITY);
            query.setString(2, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new Last(row.getLong(1), dialect.id(row, 2)) : Last.NONE;
            }
        }
    }

    @Override
    public void appendInVain(String key) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            dialect.begin(connection, true);
            try {
                insert.rows(connection, rows(key, 1));
            } finally {
                dialect.rollback(connection);
            }
        } catch (SQLException e) {
            if (dialect.fault(e) != Fault.RETRYABLE) {
                throw e;
            }
        }
    }

    @Override
    public long replay(String key) throws SQLException {
        return read.entity(sql.replayEntity(), key, event -> {});
    }

    /** Not in the bare table, which has no index to find an entity by, and lets histories fork. */
    @Override
    public void resume(String key) throws SQLException {
        if (sql.hasRules()) {
            read.entity(sql.replayEntity(), key, event -> lasts.put(key, new Last(event.revision(), event.id())));
        }
    }

    @Override
    public long replayAll(long after) throws SQLException {
        return read.all(sql.replayAll(after), event -> {});
    }
}
