package io.sqleventstore.mysql;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** What MySQL and MariaDB have in common: InnoDB, its error codes, and one set of SQL files. */
abstract class InnoDbDialect implements Dialect {
    private static final int LONGEST_IDLE_SECONDS = 10;
    private static final int PACKET_TOO_LARGE = 1153;
    private static final int ROOM_FOR_THE_REST = 64 * 1024;

    /** The collation that compares code points and doesn't ignore blanks at the end. */
    abstract String collation();

    @Override
    public String sql(String operation) {
        return Dialect.super.sql(operation).replace("{collation}", collation());
    }

    @Override
    public final Fault fault(SQLException e) {
        return switch (e.getErrorCode()) {
            // duplicate entry
            case 1062, 1586 -> Fault.UNIQUE;
            // no referenced row
            case 1216, 1452 -> Fault.FOREIGN_KEY;
            // CHECK of MySQL, of MariaDB, of a view; a trigger's refusal; null, no default, too long, out of range, not
            // of the type
            case 3819, 4025, 1369, 1644, 1048, 1364, 1406, 1264, 1265, 1292, 1366, 1690 -> Fault.CHECK;
            // deadlock, lock timeout, row changed since the snapshot, NOWAIT, table definition changed, must prepare
            // again
            case 1213, 1205, 1020, 3572, 1412, 1615 -> Fault.RETRYABLE;
            // shutdown, killed, idle for too long, no node of the cluster, gone, lost
            case 1053, 1927, 4031, 1047, 2006, 2013 -> Fault.UNAVAILABLE;
            default -> Fault.OTHER;
        };
    }

    @Override
    public final boolean isAlreadyThere(SQLException e) {
        return switch (e.getErrorCode()) {
            case 1050, 1359, 1062 -> true; // table or view, trigger, row
            default -> false;
        };
    }

    @Override
    public final boolean refusesDescendingPositions() {
        return true;
    }

    @Override
    public final int fetchSize(int rows) {
        return Integer.MIN_VALUE; // row by row: Connector/J knows no other way that spares memory
    }

    @Override
    public final void checkSize(Connection connection, long bytes) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            if (bytes + ROOM_FOR_THE_REST > row.getLong(1)) {
                throw new SQLException(
                        "an event of %d bytes is more than the server takes in one statement; raise its max_allowed_packet (%d)"
                                .formatted(bytes, row.getLong(1)),
                        "HY000",
                        PACKET_TOO_LARGE);
            }
        }
    }

    /** By statements: JDBC's own way needs three round trips to switch auto-commit off and on again. */
    @Override
    public final void begin(Connection connection, boolean writing) throws SQLException {
        execute(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        execute(connection, "START TRANSACTION");
    }

    @Override
    public final void beginBrief(Connection connection, int lockMillis) throws SQLException {
        execute(
                connection,
                "SET @event_store_lock = @@innodb_lock_wait_timeout, @event_store_idle = @@wait_timeout,"
                        + " SESSION innodb_lock_wait_timeout = %d, SESSION wait_timeout = %d"
                                .formatted(lockSeconds(lockMillis), LONGEST_IDLE_SECONDS));
        begin(connection, true);
    }

    /** The lock timeout for so many milliseconds. */
    abstract int lockSeconds(int millis);

    @Override
    public final void endBrief(Connection connection) throws SQLException {
        execute(
                connection,
                "SET SESSION innodb_lock_wait_timeout = @event_store_lock, SESSION wait_timeout = @event_store_idle");
    }

    @Override
    public final void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    public final void rollback(Connection connection) throws SQLException {
        execute(connection, "ROLLBACK");
    }

    @Override
    public final Object bind(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public final Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
