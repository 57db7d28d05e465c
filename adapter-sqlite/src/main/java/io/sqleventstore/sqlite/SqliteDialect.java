package io.sqleventstore.sqlite;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite 3.37 and later with xerial's driver; see the package's description. */
public final class SqliteDialect implements Dialect {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final String FORM = "0000-00-00T00:00:00.000Z";
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final String SESSION = session(BUSY_TIMEOUT_MILLIS);

    /** As the schema's default writes a time. */
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    /** For times that come from another database. */
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new SqliteDialect())}. */
    public SqliteDialect() {}

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName().equals("SQLite");
    }

    @Override
    public Fault fault(SQLException e) {
        return e instanceof SQLiteException sqlite ? fault(sqlite.getResultCode()) : Fault.OTHER;
    }

    private static Fault fault(SQLiteErrorCode code) {
        return switch (code) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID -> Fault.UNIQUE;
            case SQLITE_CONSTRAINT_TRIGGER -> Fault.FOREIGN_KEY; // the guard, which checks references and more
            case SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_NOTNULL, SQLITE_CONSTRAINT_DATATYPE -> Fault.CHECK;
            case SQLITE_BUSY,
                    SQLITE_BUSY_SNAPSHOT,
                    SQLITE_BUSY_RECOVERY,
                    SQLITE_BUSY_TIMEOUT,
                    SQLITE_PROTOCOL,
                    SQLITE_LOCKED,
                    SQLITE_LOCKED_SHAREDCACHE -> Fault.RETRYABLE;
            default -> Fault.OTHER;
        };
    }

    /** One transaction writes at a time: a second one would only try again and again whether it may. */
    @Override
    public int commitsAtOnce() {
        return 1;
    }

    /** {@code AUTOINCREMENT} draws above every position that is or was there, and nobody else draws meanwhile. */
    @Override
    public boolean refusesDescendingPositions() {
        return true;
    }

    /** An insert takes SQLite longer to compile, with the checks and the trigger of the table, than to run; and the driver keeps none. */
    @Override
    public Optional<Connection> keepsInserts(Connection connection) {
        try {
            return connection.isWrapperFor(SQLiteConnection.class)
                    ? Optional.ofNullable(connection.unwrap(SQLiteConnection.class))
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional
                    .empty(); // of a wrapper that doesn't know; what is wrong with the connection the insert will tell
        }
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        set(connection, SESSION);
    }

    /** The wait for the write lock is all that may take long here. */
    @Override
    public boolean prepare(Connection connection, int leftMillis) throws SQLException {
        boolean isShort = leftMillis < BUSY_TIMEOUT_MILLIS;
        set(connection, isShort ? session(leftMillis) : SESSION);
        return isShort;
    }

    /** At once, since each operation begins with it. The timeout first: the other one reads the file, and may have to wait for it. */
    private static String session(int busyMillis) {
        return "PRAGMA busy_timeout = " + busyMillis + "; PRAGMA synchronous = FULL";
    }

    private static void set(Connection connection, String pragmas) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(pragmas); // execute() would take the first of them only
        }
    }

    @Override
    public void beforeInstall(Connection connection) throws SQLException {
        execute(connection, "PRAGMA journal_mode = WAL");
    }

    @Override
    public boolean showsAnOldState(Connection connection) {
        return false; // a transaction whose view is old can't begin to write
    }

    @Override
    public void begin(Connection connection, boolean writing) throws SQLException {
        execute(connection, writing ? "BEGIN IMMEDIATE" : "BEGIN");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT"); // Connection.commit() would begin the next transaction at once
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        execute(connection, "ROLLBACK");
    }

    @Override
    public Object bind(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).equals(time) ? MILLIS.format(time) : MICROS.format(time);
    }

    @Override
    public Instant instant(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        try {
            return hasForm(text) ? millis(text) : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.parse(text); // it knows hour 24 and second 60, and says what is wrong
        }
    }

    /** Whether the schema's default may have written it. */
    private static boolean hasForm(String text) {
        boolean has = text.length() == FORM.length();
        for (int i = 0; has && i < text.length(); i++) {
            char due = FORM.charAt(i);
            char found = text.charAt(i);
            has = due == '0' ? found >= '0' && found <= '9' : found == due;
        }
        return has;
    }

    /** As {@link Instant#parse}, which allocates as much as the rest of an event, of what the schema's default writes. */
    private static Instant millis(String text) {
        return LocalDateTime.of(
                        number(text, 0, 4),
                        number(text, 5, 7),
                        number(text, 8, 10),
                        number(text, 11, 13),
                        number(text, 14, 16),
                        number(text, 17, 19),
                        number(text, 20, 23) * NANOS_PER_MILLI)
                .toInstant(ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
