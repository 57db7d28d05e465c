package io.sqleventstore.mysql;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Server;
import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** What the suite has to know of MySQL and of MariaDB alike: each place is a database. */
abstract class InnoDbFixture extends Fixture {
    private static final int DEADLOCK = 1213;
    private static final int NO_SUCH_SESSION = 1094;
    private static final int ATTEMPTS = 100;
    private static final int PAUSE_MILLIS = 50;

    InnoDbFixture(Dialect dialect) {
        super(dialect);
    }

    @Override
    protected String createSchema(String schema) {
        return "CREATE DATABASE " + schema;
    }

    @Override
    protected String dropSchema(String schema) {
        return "DROP DATABASE " + schema;
    }

    @Override
    protected String createUser(String user, String password) {
        return "CREATE USER " + user + " IDENTIFIED BY '" + password + "'";
    }

    /** In no database: a new user may not even enter the one that the URL names. */
    @Override
    protected String as(String jdbcUrl, String user, String password) {
        return super.as(jdbcUrl.replaceFirst("(//[^/]+/)[^?]*", "$1"), user, password);
    }

    /** The settings of a session that switch off what keeps wrong rows out. */
    abstract List<String> checks();

    /** As the suite does, for tests beside it. */
    @Override
    protected DataSource connect(String jdbcUrl) {
        return super.connect(jdbcUrl);
    }

    @Override
    protected SQLException retryable() {
        return new SQLException("try again (on purpose)", "40001", DEADLOCK);
    }

    /** Until the session is unknown; the list of processes can't always be read: it has statements with bytes that are no text. */
    @Override
    protected void kill(Connection connection, Server server) throws SQLException {
        String session = answer(connection, "SELECT CONNECTION_ID()");
        try (Connection owner = server.owner().getConnection();
                Statement statement = owner.createStatement()) {
            for (int i = 0; ; i++) {
                statement.execute("KILL " + session);
                pause(i, session);
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_SESSION) {
                throw e;
            }
        }
    }

    @Override
    public String sessionEnders(String user) {
        return "SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE user = '" + user + "'";
    }

    /** It waits for the statements that are under way, and all others wait for it. */
    @Override
    public List<String> readOnly(boolean on) {
        return List.of("SET SESSION lock_wait_timeout = 1", "SET GLOBAL read_only = " + (on ? "ON" : "OFF"));
    }

    private static void pause(int attempt, String session) throws SQLException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
        if (attempt == ATTEMPTS) {
            throw new SQLException("session " + session + " did not end");
        }
    }

    static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    protected boolean drawsForZero() {
        return true;
    }

    @Override
    protected List<UnaryOperator<String>> overwritingInserts() {
        return List.of(
                sql -> sql.replaceFirst("INSERT", "REPLACE"),
                sql -> sql.replaceFirst("INSERT", "INSERT IGNORE"),
                sql -> sql + " ON DUPLICATE KEY UPDATE data = VALUES(data)",
                sql -> sql.replaceFirst("INSERT", "INSERT IGNORE") + " ON DUPLICATE KEY UPDATE data = VALUES(data)",
                sql -> sql + " ON DUPLICATE KEY UPDATE event_id = VALUES(event_id)",
                sql -> sql + " ON DUPLICATE KEY UPDATE position = position + 1000");
    }

    @Override
    protected List<String> otherChanges(Server server) {
        return List.of(
                "UPDATE IGNORE {t} SET entity = entity",
                "UPDATE LOW_PRIORITY {t} SET entity = entity ORDER BY entity LIMIT 1",
                "UPDATE {t} a JOIN (SELECT entity FROM {t} LIMIT 1) b ON a.entity = b.entity SET a.entity = a.entity",
                "UPDATE {t} a, (SELECT 1 AS one) b SET a.entity = 'y'",
                "DELETE QUICK IGNORE FROM {t}",
                "DELETE FROM {t} ORDER BY entity LIMIT 1",
                "DELETE {t} FROM {t} JOIN (SELECT entity FROM {t} LIMIT 1) b ON {t}.entity = b.entity",
                "DELETE FROM {t} USING {t} JOIN (SELECT 1 AS one) b",
                "INSERT INTO {t} (entity) SELECT entity FROM {t} ON DUPLICATE KEY UPDATE entity = 'y'",
                "REPLACE INTO {t} SELECT * FROM {t}",
                "TRUNCATE {t}");
    }

    @Override
    protected String version() {
        return "SELECT CONCAT(VERSION(), ' ', @@version_comment)";
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("isolation", "SELECT @@tx_isolation");
        settings.put(
                "durability",
                "SELECT CONCAT('innodb_flush_log_at_trx_commit=', @@innodb_flush_log_at_trx_commit, ', innodb_doublewrite=',"
                        + " @@innodb_doublewrite, ', log_bin=', @@log_bin, ', sync_binlog=', @@sync_binlog)");
        settings.put("collation", "SELECT CONCAT(@@character_set_server, ', ', @@collation_server)");
        settings.put("time zone", "SELECT CONCAT(@@GLOBAL.time_zone, ', system ', @@system_time_zone)");
        settings.put("sql_mode", "SELECT @@GLOBAL.sql_mode");
        for (String variable : List.of(
                "binlog_format",
                "innodb_rollback_on_timeout",
                "innodb_autoinc_lock_mode",
                "auto_increment_increment",
                "max_allowed_packet")) {
            settings.put(variable, "SELECT @@" + variable);
        }
        return settings;
    }
}
