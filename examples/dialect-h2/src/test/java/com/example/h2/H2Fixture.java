package com.example.h2;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/** H2 as the suite has to know it: each place is a schema. */
public class H2Fixture extends Fixture {
    /** For the dialect beside it. */
    public H2Fixture() {
        super(new H2Dialect());
    }

    @Override
    protected String createUser(String user, String password) {
        return "CREATE USER " + user + " PASSWORD '" + password + "'";
    }

    @Override
    protected String as(String jdbcUrl, String user, String password) {
        return jdbcUrl.replaceAll(";(USER|PASSWORD)=[^;]*", "") + ";USER=" + user + ";PASSWORD=" + password;
    }

    /** No pool, because what a session is told (SET LOCK_TIMEOUT) would outlive the transaction it was meant for. */
    @Override
    protected final DataSource connect(String jdbcUrl) {
        JdbcDataSource database = new JdbcDataSource();
        String[] parts = jdbcUrl.split(";USER=|;PASSWORD=", -1); // the data source takes them apart from the URL only
        database.setURL(parts[0]);
        database.setUser(parts[1]);
        database.setPassword(parts[2]);
        return database;
    }

    @Override
    protected void kill(Connection connection, Server server) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet session = statement.executeQuery("SELECT SESSION_ID()")) {
            session.next();
            server.execute("CALL ABORT_SESSION(" + session.getInt(1) + ")");
        }
    }

    @Override
    protected String shortLockTimeout() {
        return "SET LOCK_TIMEOUT 100";
    }

    @Override
    protected SQLException retryable() {
        return new SQLException("lock timeout (on purpose)", "HYT00", ErrorCode.LOCK_TIMEOUT_1);
    }

    @Override
    protected List<UnaryOperator<String>> overwritingInserts() {
        return List.of(
                merge("position"), merge("event_id"), merge("append_key, append_index"), merge("entity, entity_key, revision"));
    }

    /** By that key; where the statement leaves the position to the database, it can't be the key. */
    private static UnaryOperator<String> merge(String key) {
        return sql -> sql.replace("INSERT INTO", "MERGE INTO")
                .replace(") VALUES", ") KEY (" + (sql.contains("(position, ") ? key : key.replace("position", "event_id")) + ") VALUES");
    }

    @Override
    protected List<String> otherChanges(Server server) {
        return List.of(
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = entity",
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN DELETE",
                "MERGE INTO {t} (entity) KEY (entity) SELECT entity FROM {t}",
                "SELECT entity FROM OLD TABLE (DELETE FROM {t})",
                "SELECT entity FROM FINAL TABLE (UPDATE {t} SET entity = entity)",
                "DELETE FROM {t} FETCH FIRST ROW ONLY",
                "TRUNCATE TABLE {t} RESTART IDENTITY");
    }

    @Override
    protected String version() {
        return "SELECT H2VERSION()";
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "isolation", "SELECT isolation_level FROM information_schema.sessions WHERE session_id = SESSION_ID()");
        settings.put("time zone", "SELECT 'UTC' || EXTRACT(TIMEZONE_HOUR FROM CURRENT_TIMESTAMP)");
        settings.put(
                "collation",
                "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'COLLATION'");
        settings.put(
                "durability",
                "SELECT CASE WHEN DATABASE_PATH() IS NULL THEN 'none: in memory' ELSE 'a file, see WRITE_DELAY (milliseconds)' END");
        for (String name : List.of("MODE", "IGNORECASE", "WRITE_DELAY")) {
            settings.put(
                    name, "SELECT setting_value FROM information_schema.settings WHERE setting_name = '" + name + "'");
        }
        return settings;
    }
}
