package io.sqleventstore.postgres;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** PostgreSQL 14 and later with its own JDBC driver; see the package's description. */
public final class PostgresDialect implements Dialect {
    private static final int LONGEST_IDLE_MILLIS = 10_000;

    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new PostgresDialect())}. */
    public PostgresDialect() {}

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName().equals("PostgreSQL");
    }

    @Override
    public Fault fault(SQLException e) {
        return switch (Objects.requireNonNullElse(e.getSQLState(), "")) {
            case "23505" -> Fault.UNIQUE; // unique_violation
            case "23503" -> Fault.FOREIGN_KEY; // foreign_key_violation
            case "23514", "23502", "22001" ->
                Fault.CHECK; // check_violation, not_null_violation, string_data_right_truncation
            // serialization_failure, deadlock_detected, lock_not_available, query_canceled, out_of_memory
            case "40001", "40P01", "55P03", "57014", "53200" -> Fault.RETRYABLE;
            // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout,
            // idle_in_transaction_session_timeout, transaction_timeout, too_many_connections
            case "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04", "53300" -> Fault.UNAVAILABLE;
            case "25006" -> Fault.READ_ONLY; // read_only_sql_transaction
            default -> Fault.OTHER;
        };
    }

    @Override
    public boolean cancelsStatements() {
        return true; // by a request on a connection of its own, which costs only whom it cancels
    }

    /** Its trigger reads what the transaction sees. */
    @Override
    public boolean refersToHiddenRows() {
        return false;
    }

    @Override
    public boolean refusesDescendingPositions() {
        return true;
    }

    @Override
    public void beforeInstall(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            row.next();
            if (!row.getString(1).equals("UTF8")) {
                throw new SQLException("The database's encoding is " + row.getString(1)
                        + ", which can't hold all of Unicode; create one with ENCODING 'UTF8'.");
            }
        }
    }

    @Override
    public void beginBrief(Connection connection, int lockMillis) throws SQLException {
        begin(connection, true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = " + lockMillis
                    + "; SET LOCAL idle_in_transaction_session_timeout = " + LONGEST_IDLE_MILLIS);
        }
    }

    /**
     * The driver sends both before it asks for an answer (as long as it knows that what is returned is small), so that the server takes them for one
     * transaction. With {@code preferQueryMode=simple} they are two, and the insert waits for locks as long as any other.
     */
    @Override
    public Optional<String> insertBriefly(String insert, int lockMillis) {
        return Optional.of("SELECT FROM pg_catalog.set_config('lock_timeout', '" + lockMillis
                + "', true) AS set WHERE set IS NULL;\n" + insert);
    }

    @Override
    public Object bind(UUID id) {
        return id;
    }

    @Override
    public UUID id(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }
}
