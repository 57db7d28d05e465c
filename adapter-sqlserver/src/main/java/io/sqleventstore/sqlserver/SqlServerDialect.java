package io.sqleventstore.sqlserver;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** SQL Server 2019 and later and Azure SQL with Microsoft's driver; see the package's description. */
public final class SqlServerDialect implements Dialect {
    /** {@code com.microsoft.sqlserver.jdbc.ISQLServerConnection.TRANSACTION_SNAPSHOT} */
    private static final int TRANSACTION_SNAPSHOT = 4096;

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

    private static final int ENDED = 3998;

    /** A statement's own settings end with it; without READ_COMMITTED_SNAPSHOT a query might wait for a writer for ever. */
    private static final String WAIT = "SET LOCK_TIMEOUT 1000;\n";

    private static final String LEDGER = "FROM {p}event_ledger";
    private static final String SEEK = "FORCESEEK";

    /** Passes over rows that are not committed. */
    private static final String COMMITTED = "ROWLOCK, READPAST, READCOMMITTEDLOCK";

    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new SqlServerDialect())}. */
    public SqlServerDialect() {}

    @Override
    public String name() {
        return "sqlserver";
    }

    /** By the name that Microsoft's driver gives to every product that speaks its protocol. */
    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName().equals("Microsoft SQL Server");
    }

    @Override
    public String sql(String operation) {
        String sql = adapted(operation, Dialect.super.sql(operation));
        boolean waits = sql.startsWith("SELECT") && !operation.equals("gate"); // which waits as long as beginBrief says
        return waits ? WAIT + sql : sql;
    }

    /** What all dialects share, as this server needs it: held to an index, by which it meets no other row's lock. */
    private static String adapted(String operation, String sql) {
        return switch (operation) {
            case "count-positions", "first-position", "last-position", "positions" -> hinted(sql, "pk", COMMITTED);
            case "head" -> hinted(sql, "link", SEEK);
            case "stored-under" -> hinted(sql, "append_key", SEEK);
            case "taken-ids" -> hinted(sql, "event_id", SEEK).replace("{rows:?}", "{rows:CAST(? AS BINARY(16))}");
            case "register" -> "SET XACT_ABORT OFF;\n" + sql;
            default -> sql;
        };
    }

    private static String hinted(String sql, String index, String hints) {
        return sql.replace(LEDGER, LEDGER + " WITH (INDEX ({n}event_ledger_" + index + "), " + hints + ")");
    }

    @Override
    public boolean cancelsStatements() {
        return true;
    }

    /** HY008: cancelled, by the engine or by the statement's timeout. Such a statement never commits itself here; it might be done all the same. */
    @Override
    public Fault fault(SQLException e) {
        if ("HY008".equals(e.getSQLState())) {
            return Fault.RETRYABLE;
        }
        return switch (e.getErrorCode()) {
            case 2627, 2601 -> Fault.UNIQUE; // unique constraint, unique index
            case 547 ->
                Fault.FOREIGN_KEY; // foreign key or check, it doesn't say which; core lets nothing through to a check
            // null; too long (two numbers, by version and trace flag); WITH CHECK OPTION; arithmetic overflow
            case 515, 8152, 2628, 550, 8115 -> Fault.CHECK;
            // deadlock victim; lock timeout; snapshot update conflict; its object was altered meanwhile; transaction is
            // doomed; was rolled
            // back for that at the end of the batch; out of locks
            case 1205, 1222, 3960, 3961, 3930, 3998, 1204 -> Fault.RETRYABLE;
            // no memory for the query, in time or at all; no way back to the savepoint
            case 8645, 8651, 701, 3931 -> Fault.RETRYABLE;
            // Azure SQL: too busy; resource limits
            case 40501, 10928, 10929, 49918, 49919, 49920 -> Fault.RETRYABLE;
            // Azure SQL: not available, moved; session killed; server shutting down; database can't be opened, is
            // starting
            case 40613, 40197, 40143, 596, 6005, 4060, 922 -> Fault.UNAVAILABLE;
            case 3906 -> Fault.READ_ONLY; // the database, as after a failover
            // availability group: not readable here, for read intent only, no role yet; no log
            case 976, 978, 983, 9001 -> Fault.UNAVAILABLE;
            // Azure SQL ends the session
            case 40549, 40550, 40551, 40552, 40553 -> Fault.UNAVAILABLE;
            default -> Fault.OTHER;
        };
    }

    /** None share one, until a server has shown what becomes of it. */
    @Override
    public int appendsPerCommit() {
        return 1;
    }

    /** At most 2,100 parameters, of which an imported row has 13. */
    @Override
    public int rowsPerInsert() {
        return 150;
    }

    @Override
    public int parametersPerStatement() {
        return 2_097; // of 2,100: sp_executesql takes two for itself, sp_prepexec three
    }

    /** READPAST is refused at SERIALIZABLE and SNAPSHOT, and appends at SNAPSHOT would conflict (3960) where they need only wait. */
    @Override
    public int isolation() {
        return Connection.TRANSACTION_READ_COMMITTED;
    }

    /** Only at SNAPSHOT: the other levels lock what they have read. */
    @Override
    public boolean showsAnOldState(Connection connection) throws SQLException {
        return connection.getTransactionIsolation() == TRANSACTION_SNAPSHOT;
    }

    @Override
    public void beginBrief(Connection connection, int lockMillis) throws SQLException {
        begin(connection, true);
        setLockTimeout(connection, lockMillis);
    }

    /** Back to the server's default; a {@code lockTimeout} in the URL is not kept. */
    @Override
    public void endBrief(Connection connection) throws SQLException {
        setLockTimeout(connection, -1);
    }

    private static void setLockTimeout(Connection connection, int millis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + millis);
        }
    }

    /** Closing a result early makes the driver read what is left of it, and throw it away. */
    @Override
    public boolean readsResultsToTheEnd() {
        return true;
    }

    /** Where the server has ended the transaction the driver does nothing, and says nothing. */
    @Override
    public void rollback(Connection connection, Savepoint savepoint) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet state = statement.executeQuery("SELECT XACT_STATE()")) {
            state.next();
            if (state.getInt(1) != 1) {
                throw new SQLException("The server has ended the transaction.", "25000", ENDED);
            }
        }
        connection.rollback(savepoint);
    }

    /** The driver's SQLState doesn't tell, unless it is asked for the standard's. */
    @Override
    public boolean lacksRights(SQLException e) {
        return switch (e.getErrorCode()) {
            case 229, 230, 297, 300 -> true; // on an object, on a column, to do this, on the server
            default -> false;
        };
    }

    /** Nothing: SQL Server has no such statement, and the driver's method throws. */
    @Override
    public void release(Connection connection, Savepoint savepoint) {}

    @Override
    public void bindText(PreparedStatement statement, int parameter, String text) throws SQLException {
        statement.setNString(parameter, text);
    }

    /** Always as NVARCHAR(MAX): by {@code setNString} the type depends on the length, and the server makes a plan for each mixture. */
    @Override
    public void bind(PreparedStatement statement, int parameter, String json) throws SQLException {
        statement.setObject(parameter, json, Types.LONGNVARCHAR);
    }

    /** As a text that is read alike in every language of a session; a time would go through the JVM's time zone. */
    @Override
    public Object bind(Instant time) {
        return MICROSECONDS.format(time.atOffset(ZoneOffset.UTC));
    }

    @Override
    public Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
}
