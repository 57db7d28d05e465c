package io.sqleventstore.oracle;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import io.sqleventstore.sql.Insertion;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Oracle Database 19c and later with its own JDBC driver; see the package's description. */
public final class OracleDialect implements Dialect {
    /** So many UTF-16 units have 4,000 bytes at most, in any of the server's and the driver's character sets. */
    private static final int SHORT_TEXT = 1_000;

    /** Of the schema in which tables are about to be made: keys are compared by it. */
    private static final String DEFAULT_COLLATION =
            "SELECT COALESCE(SYS_CONTEXT('USERENV', 'SESSION_DEFAULT_COLLATION'), MAX(default_collation)) FROM all_users"
                    + " WHERE username = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')";

    private static final int ROWS_PER_BATCH = 100;
    private static final int GATED_SECONDS = 5;
    private static final int NAME_IS_USED = 955;

    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new OracleDialect())}. */
    public OracleDialect() {}

    @Override
    public String name() {
        return "oracle";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName().equals("Oracle");
    }

    @Override
    public Fault fault(SQLException e) {
        return switch (e.getErrorCode()) {
            case 1 -> Fault.UNIQUE;
            case 2291 -> Fault.FOREIGN_KEY;
            case 2290, 1400, 12899, 1438 -> Fault.CHECK; // check, NULL, too long, too large a number
            // deadlock, can't serialize, busy, lock timeouts, cancelled by the statement's timeout, locks of the
            // dictionary or of a
            // distributed transaction, snapshot too old, rolled back for a transaction of higher priority
            case 60, 8177, 54, 30006, 1013, 4020, 4021, 2049, 1555, 63300, 63302 -> Fault.RETRYABLE;
            // killed, not logged on, starting or shutting down, limits of the user's profile
            case 28, 1012, 1033, 1034, 1089, 1090, 1092, 2396, 2399 -> Fault.UNAVAILABLE;
            case 16000 -> Fault.READ_ONLY; // open for reading only
            // the line: end of file, not connected, lost, listener
            case 3113, 3114, 3135, 12170, 12514, 12516, 12519, 12520, 12528, 12537, 12541, 12547, 12571 ->
                Fault.UNAVAILABLE;
            // the driver's own: I/O error, closed connection, nothing more to read; failed over in the middle of a
            // transaction
            case 17002, 17008, 17410, 17800, 25402, 25408 -> Fault.UNAVAILABLE;
            default -> Fault.OTHER;
        };
    }

    @Override
    public boolean cancelsStatements() {
        return true;
    }

    /** An array of rows; where a row is refused, those before it are in the transaction, which the engine then rolls back. */
    @Override
    public Insertion insertion() {
        return Insertion.BATCH;
    }

    /** None share one, until a server has shown what becomes of it. */
    @Override
    public int appendsPerCommit() {
        return 1;
    }

    @Override
    public int rowsPerInsert() {
        return ROWS_PER_BATCH;
    }

    /** SERIALIZABLE refuses work that did not conflict. */
    @Override
    public int isolation() {
        return Connection.TRANSACTION_READ_COMMITTED;
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        execute(connection, "ALTER SESSION SET NLS_COMP = BINARY");
    }

    @Override
    public void beforeInstall(Connection connection) throws SQLException {
        String characters =
                answer(connection, "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'");
        if (!characters.equals("AL32UTF8")) {
            throw new SQLException("The database has the character set " + characters
                    + ", which can't keep all of Unicode; the store needs one with AL32UTF8.");
        }
        String collation = answer(connection, DEFAULT_COLLATION);
        if (!collation.equals("USING_NLS_COMP") && !collation.equals("BINARY")) {
            throw new SQLException(
                    "The schema's default collation is " + collation
                            + ", by which names and keys would not be compared exactly; it has to be USING_NLS_COMP or BINARY.");
        }
    }

    /** ORA-01031, and what newer releases say in its place; ORA-00942 hides a table from who has no right at all. */
    @Override
    public boolean lacksRights(SQLException e) {
        return switch (e.getErrorCode()) {
            case 1031, 942, 41900 -> true;
            default -> false;
        };
    }

    @Override
    public boolean isAlreadyThere(SQLException e) {
        return e.getErrorCode() == NAME_IS_USED;
    }

    @Override
    public void checkSession(Connection connection) throws SQLException {
        String comparison = answer(connection, "SELECT value FROM nls_session_parameters WHERE parameter = 'NLS_COMP'");
        if (!comparison.equals("BINARY")) {
            throw new SQLException("the session compares texts by NLS_COMP = " + comparison
                    + "; execute ALTER SESSION SET NLS_COMP = BINARY before the transaction.");
        }
    }

    @Override
    public void beginBrief(Connection connection, int lockMillis) throws SQLException {
        begin(connection, true);
        execute(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    }

    /**
     * An INSERT waits for another transaction as long as that takes; a second is the least that can be told to a statement. That counts what
     * the statement does, too, so it is more for one that holds the gate and may store large events.
     */
    @Override
    public int statementSeconds(int lockMillis) {
        return lockMillis < 1_000 ? 1 : GATED_SECONDS;
    }

    /** Oracle can't, and need not. */
    @Override
    public void release(Connection connection, Savepoint savepoint) {}

    /** What may have more than 4,000 bytes is bound as a temporary LOB: bytes that follow a LOB in a row must not be many (ORA-24816). */
    @Override
    public void bind(PreparedStatement statement, int parameter, String json) throws SQLException {
        if (json.length() <= SHORT_TEXT) {
            statement.setString(parameter, json);
        } else {
            statement.setCharacterStream(parameter, new StringReader(json)); // without a length: a LOB, not a stream
        }
    }

    /** Without a zone: {@link java.sql.Timestamp} would go through the JVM's, a time with a zone through the session's. */
    @Override
    public Object bind(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
