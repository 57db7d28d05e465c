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
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What MySQL and MariaDB have in common: InnoDB, its error codes, and one set of SQL files. */
abstract class InnoDbDialect implements Dialect {
    private static final int LONGEST_IDLE_SECONDS = 10;
    private static final int PACKET_TOO_LARGE = 1153;
    private static final String CHARACTERS = "utf8mb4";
    private static final int ROOM_FOR_THE_REST = 64 * 1024;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

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
            // again, rolled back at its commit by a group of servers; interrupted, by the server's own limits of time
            case 1213, 1205, 1020, 3572, 1412, 1615, 3101, 1317, 1969, 3024 -> Fault.RETRYABLE;
            // shutdown, killed, idle for too long, no node of the cluster, gone, lost, failed in its commit
            case 1053, 1927, 4031, 1047, 2006, 2013, 1180 -> Fault.UNAVAILABLE;
            case 1290, 1792, 1836 -> Fault.READ_ONLY; // the server, the transaction, InnoDB
            // what MySQL's driver says of a connection that is lost while it reads rows: no code of the server's
            case 0 -> "S1000".equals(e.getSQLState()) ? Fault.UNAVAILABLE : Fault.OTHER;
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
    public final int fetchSize(Connection connection, int rows) throws SQLException {
        boolean byMariadb = connection.getMetaData().getDriverName().contains("MariaDB");
        return byMariadb ? rows : Integer.MIN_VALUE; // row by row: MySQL's driver knows no other way that spares memory
    }

    @Override
    public final boolean readsResultsToTheEnd() {
        return true;
    }

    @Override
    public final void checkSize(Connection connection, long bytes) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            if (bytes + ROOM_FOR_THE_REST > row.getLong(1)) {
                throw new SQLException(
                        "%d bytes of events are more than the server takes in one statement; raise its max_allowed_packet (%d)"
                                .formatted(bytes, row.getLong(1)),
                        "HY000",
                        PACKET_TOO_LARGE);
            }
        }
    }

    /** The settings of a session that have to be on, or keys and checks are not looked at. */
    List<String> checks() {
        return List.of("foreign_key_checks", "unique_checks");
    }

    @Override
    public final void checkSession(Connection connection) throws SQLException {
        List<String> checks = checks();
        String asked = checks.stream().map(check -> ", @@" + check).collect(Collectors.joining());
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT @@character_set_client, @@character_set_connection" + asked)) {
            row.next();
            if (!row.getString(1).equals(CHARACTERS) || !row.getString(2).equals(CHARACTERS)) {
                throw new SQLException(
                        "the connection's character set is %s, in which texts would be lost; connect with %s (characterEncoding=UTF-8, no SET NAMES)"
                                .formatted(row.getString(1), CHARACTERS));
            }
            for (int i = 0; i < checks.size(); i++) {
                if (row.getInt(i + 3) == 0) {
                    throw new SQLException("the connection has %s off, without which wrong rows get in; leave it on"
                            .formatted(checks.get(i)));
                }
            }
        }
    }

    /**
     * A void that meets the row of an open writer turns the lock of that row into an explicit one. If the writer's transaction is at REPEATABLE
     * READ, the next split of the page makes of it a lock of the gap below, in which nothing can be inserted until the writer ends.
     */
    @Override
    public final Optional<String> seeingUncommitted() {
        return Optional.of("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
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

    /** As a text: the drivers convert any other type by the time zones of JVM and session. */
    @Override
    public final Object bind(Instant time) {
        return TIME.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
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
