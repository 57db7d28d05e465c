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

    /** A statement's own settings end with it; without READ_COMMITTED_SNAPSHOT a query might wait for a writer for ever. */
    private static final String WAIT = "SET LOCK_TIMEOUT 10000;\n";

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
        String sql = Dialect.super.sql(operation);
        boolean waits = sql.startsWith("SELECT") && !operation.equals("gate"); // which waits as long as beginBrief says
        return waits ? WAIT + sql : sql;
    }

    @Override
    public Fault fault(SQLException e) {
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
            // Azure SQL: too busy; resource limits
            case 40501, 10928, 10929, 49918, 49919, 49920 -> Fault.RETRYABLE;
            // Azure SQL: not available, moved; session killed; server shutting down; database can't be opened, is
            // starting or read-only
            case 40613, 40197, 40143, 596, 6005, 4060, 922, 3906 -> Fault.UNAVAILABLE;
            default -> Fault.OTHER;
        };
    }

    /** At most 2,100 parameters, of which an imported row has 13. */
    @Override
    public int rowsPerInsert() {
        return 150;
    }

    @Override
    public int parametersPerStatement() {
        return 2_100;
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

    /** Nothing: SQL Server has no such statement, and the driver's method throws. */
    @Override
    public void release(Connection connection, Savepoint savepoint) {}

    @Override
    public void bindText(PreparedStatement statement, int parameter, String text) throws SQLException {
        statement.setNString(parameter, text);
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, String json) throws SQLException {
        statement.setNString(parameter, json);
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
