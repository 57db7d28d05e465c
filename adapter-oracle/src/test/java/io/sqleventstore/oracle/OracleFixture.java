package io.sqleventstore.oracle;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Server;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Oracle Database as the suite has to know it: each place is the schema of a user of its own, who has no more rights than an owner of the tables
 * needs. The server's URL is that of a user with the role DBA and SELECT on V_$SESSION, credentials in it: {@code
 * jdbc:oracle:thin:system/password@//host:1521/service}.
 */
public class OracleFixture extends Fixture {
    /** For the adapter's dialect. */
    public OracleFixture() {
        super(new OracleDialect());
    }

    @Override
    protected Place newPlace(Server server) {
        String owner = Server.newName();
        String password = "Es-1-" + UUID.randomUUID().toString().substring(0, 20);
        server.execute(createUser(owner, password));
        try {
            server.execute("ALTER USER " + owner + " DEFAULT TABLESPACE users QUOTA UNLIMITED ON users");
            server.execute(
                    "GRANT CREATE TABLE, CREATE SEQUENCE, CREATE VIEW, CREATE PROCEDURE, CREATE TRIGGER TO " + owner);
            StoreOptions options = StoreOptions.defaults().withSchema(owner);
            DataSource its = connect(as(server.jdbcUrl(), owner, password));
            return new Place(its, server.users(options), options, () -> {
                close(its);
                dropUser(owner).forEach(server::execute);
            });
        } catch (RuntimeException e) {
            dropUser(owner).forEach(server::execute);
            throw e;
        }
    }

    private static void close(DataSource connections) {
        try {
            ((AutoCloseable) connections).close();
        } catch (Exception e) {
            throw new IllegalStateException("the connections can't be closed", e);
        }
    }

    @Override
    protected String createUser(String user, String password) {
        return "BEGIN EXECUTE IMMEDIATE 'CREATE USER %s IDENTIFIED BY \"%s\"'; EXECUTE IMMEDIATE 'GRANT CREATE SESSION TO %s'; END;"
                .formatted(user, password, user);
    }

    /** A session that was killed takes a while to be gone, and until then there is ORA-01940. */
    @Override
    protected List<String> dropUser(String user) {
        return List.of(("DECLARE attempts NUMBER := 0; BEGIN LOOP BEGIN EXECUTE IMMEDIATE 'DROP USER %s CASCADE'; EXIT;"
                        + " EXCEPTION WHEN OTHERS THEN attempts := attempts + 1; IF SQLCODE <> -1940 OR attempts > 60 THEN RAISE; END IF;"
                        + " DBMS_SESSION.SLEEP(1); END; END LOOP; END;")
                .formatted(user));
    }

    @Override
    protected String as(String jdbcUrl, String user, String password) {
        return jdbcUrl.replaceFirst("^(jdbc:oracle:\\w+:)[^@]*@", "$1" + user + "/" + password + "@");
    }

    /** A second, and the driver looks once a second whose statement has taken too long. */
    @Override
    protected Duration lockWait() {
        return Duration.ofSeconds(2);
    }

    @Override
    public String sessionEnders(String user) {
        return "SELECT 'ALTER SYSTEM KILL SESSION ''' || sid || ',' || serial# || ''' IMMEDIATE' FROM v$session WHERE username = UPPER('"
                + user + "')";
    }

    /** By its audit id, which the session itself knows. */
    @Override
    protected void kill(Connection connection, Server server) throws SQLException {
        String auditId = answer(connection, "SELECT SYS_CONTEXT('USERENV', 'SESSIONID') FROM dual");
        try (Connection owner = server.owner().getConnection()) {
            String session = answer(owner, "SELECT sid || ',' || serial# FROM v$session WHERE audsid = " + auditId);
            server.execute("ALTER SYSTEM KILL SESSION '" + session + "' IMMEDIATE");
        }
    }

    private static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new SQLException("no answer to " + query);
            }
            return row.getString(1);
        }
    }

    @Override
    protected boolean generatorIsExact() {
        return false;
    }

    /** Many rows in VALUES are of 23ai. */
    @Override
    protected String rowsToInsert(List<String> rows) {
        return String.join(
                " UNION ALL ",
                rows.stream().map(row -> "SELECT " + row + " FROM dual").toList());
    }

    /** No ON CONFLICT, but a hint that passes over what is in the way of an index, and a log that takes what is refused. */
    @Override
    protected List<UnaryOperator<String>> overwritingInserts() {
        return Stream.of("event_ledger_pk", "event_ledger_event_id", "event_ledger_append_key", "event_ledger_line")
                .<UnaryOperator<String>>map(index -> sql -> sql.replaceFirst(
                        "INSERT", "INSERT /*+ IGNORE_ROW_ON_DUPKEY_INDEX(event_ledger, " + index + ") */"))
                .toList();
    }

    @Override
    protected List<String> otherChanges(Server server) {
        return List.of(
                "MERGE INTO {t} USING (SELECT 1 AS one FROM dual) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = entity",
                "MERGE INTO {t} USING (SELECT 1 AS one FROM dual) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = entity"
                        + " DELETE WHERE 1 = 1",
                "UPDATE (SELECT entity FROM {t}) SET entity = entity",
                "DELETE FROM (SELECT entity FROM {t})",
                "DELETE {t}",
                "BEGIN UPDATE {t} SET entity = entity; DELETE FROM {t}; END;",
                "TRUNCATE TABLE {t} CASCADE",
                "TRUNCATE TABLE {t} DROP ALL STORAGE");
    }

    @Override
    protected SQLException retryable() {
        return new SQLException("deadlock detected (on purpose)", "61000", 60);
    }

    @Override
    protected String version() {
        return "SELECT banner_full FROM v$version";
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        String database = "SELECT value FROM nls_database_parameters WHERE parameter = ";
        String parameter = "SELECT value FROM v$parameter WHERE name = ";
        String session = "SELECT value FROM nls_session_parameters WHERE parameter = ";
        settings.put(
                "isolation",
                "SELECT 'read committed unless a session asks for another (Oracle has no setting)' FROM dual");
        settings.put("durability (commit_wait)", parameter + "'commit_wait'");
        settings.put("durability (commit_logging)", parameter + "'commit_logging'");
        settings.put("character set", database + "'NLS_CHARACTERSET'");
        settings.put("collation (comparison)", session + "'NLS_COMP'");
        settings.put("collation (sort)", session + "'NLS_SORT'");
        settings.put("time zone", "SELECT DBTIMEZONE || ', session ' || SESSIONTIMEZONE FROM dual");
        return settings;
    }
}
