package com.example.h2;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.api.ErrorCode;

/** H2 (tried on 2.5.252) with its own JDBC driver, embedded or as a server; see the package's description. */
public final class H2Dialect implements Dialect {
    /** H2 waits once, tries the statement again and waits once more, so the longest wait is twice as long. */
    private static final int LOCK_TIMEOUT_MILLIS = 5_000;

    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new H2Dialect())}. */
    public H2Dialect() {}

    @Override
    public String name() {
        return "h2";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName().equals("H2");
    }

    @Override
    public Fault fault(SQLException e) {
        return switch (e.getErrorCode()) {
            case ErrorCode.DUPLICATE_KEY_1 -> Fault.UNIQUE;
            case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1 -> Fault.FOREIGN_KEY;
            case ErrorCode.CHECK_CONSTRAINT_VIOLATED_1,
                    ErrorCode.CHECK_CONSTRAINT_INVALID,
                    ErrorCode.NULL_NOT_ALLOWED,
                    ErrorCode.VALUE_TOO_LONG_2 -> Fault.CHECK;
            case ErrorCode.LOCK_TIMEOUT_1, ErrorCode.DEADLOCK_1, ErrorCode.CONCURRENT_UPDATE_1 -> Fault.RETRYABLE;
            case ErrorCode.CONNECTION_BROKEN_1, ErrorCode.DATABASE_IS_CLOSED, ErrorCode.OBJECT_CLOSED -> Fault.UNAVAILABLE;
            default -> Fault.OTHER;
        };
    }

    @Override
    public int isolation() {
        return Connection.TRANSACTION_READ_COMMITTED; // READ UNCOMMITTED would show dirty rows
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        execute(connection, "SET LOCK_TIMEOUT " + LOCK_TIMEOUT_MILLIS);
    }

    @Override
    public void beginBrief(Connection connection, int lockMillis) throws SQLException {
        execute(connection, "SET LOCK_TIMEOUT " + Math.max(1, lockMillis / 2));
        begin(connection, true);
    }

    @Override
    public void endBrief(Connection connection) throws SQLException {
        prepare(connection);
    }

    @Override
    public void beforeInstall(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery(
                        "SELECT setting_name, setting_value FROM information_schema.settings"
                                + " WHERE setting_name = 'COLLATION' AND setting_value <> 'OFF'"
                                + " OR setting_name = 'IGNORECASE' AND setting_value <> '0'"
                                + " OR setting_name = 'MODE' AND setting_value <> 'REGULAR'")) {
            if (settings.next()) {
                throw new SQLException("The database has " + settings.getString(1) + "=" + settings.getString(2)
                        + "; the store needs names that are compared exactly, and H2's own mode.");
            }
        }
    }

    @Override
    public Object bind(UUID id) {
        return id;
    }

    @Override
    public UUID id(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
