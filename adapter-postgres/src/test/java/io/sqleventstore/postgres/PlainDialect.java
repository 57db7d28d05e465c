package io.sqleventstore.postgres;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import io.sqleventstore.sql.Insertion;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.UUID;

/**
 * PostgreSQL as if it could do no more than Oracle: no rows come back from an insert, one row a statement, no lock timeout but a statement's,
 * savepoints that can't be released, a generator that tells only what is in its cache too. So the engine's ways for such databases are certified on a real one.
 */
final class PlainDialect implements Dialect {
    private static final int CACHE = 100;

    private final Dialect postgres = new PostgresDialect();

    @Override
    public String name() {
        return "postgres-plain";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return postgres.serves(server);
    }

    @Override
    public String sql(String operation) {
        String sql = postgres.sql(operation);
        return switch (operation) {
            case "append" -> sql.replace("RETURNING event_id, position", "");
            case "generator" -> sql.replace("last_value - 1 END", "last_value - 1 END + " + CACHE);
            default -> sql;
        };
    }

    @Override
    public Fault fault(SQLException e) {
        return postgres.fault(e);
    }

    @Override
    public Insertion insertion() {
        return Insertion.BATCH;
    }

    @Override
    public int rowsPerInsert() {
        return 100;
    }

    @Override
    public void beginBrief(Connection connection, int lockMillis) throws SQLException {
        begin(connection, true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        }
    }

    @Override
    public int statementSeconds(int lockMillis) {
        return 1;
    }

    @Override
    public void release(Connection connection, Savepoint savepoint) {}

    @Override
    public Object bind(UUID id) {
        return postgres.bind(id);
    }

    @Override
    public UUID id(ResultSet row, int column) throws SQLException {
        return postgres.id(row, column);
    }
}
