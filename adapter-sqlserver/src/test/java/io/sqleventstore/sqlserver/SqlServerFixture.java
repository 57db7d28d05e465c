package io.sqleventstore.sqlserver;

import com.microsoft.sqlserver.jdbc.ISQLServerConnection;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL Server as the suite has to know it: each place is a schema, each user has a login of the same name. */
public class SqlServerFixture extends Fixture {
    private static final Pattern INSERT =
            Pattern.compile("INSERT INTO (\\S+) \\((.*?)\\) VALUES (\\(.*\\))", Pattern.DOTALL);
    private static final int DEADLOCK_VICTIM = 1205;
    private static final int SECONDS_TO_DIE = 10;

    /** For the adapter's dialect. */
    public SqlServerFixture() {
        super(new SqlServerDialect());
    }

    /** There is no CASCADE: foreign keys first, then views, tables and sequences. */
    @Override
    protected String dropSchema(String schema) {
        return """
                DECLARE @drop NVARCHAR(MAX) = CONCAT(
                (SELECT STRING_AGG(CAST(CONCAT(N'ALTER TABLE %1$s.', QUOTENAME(OBJECT_NAME(parent_object_id)), N' DROP CONSTRAINT ', QUOTENAME(name)) AS NVARCHAR(MAX)), N'; ')
                FROM sys.foreign_keys WHERE schema_id = SCHEMA_ID(N'%1$s')), N'; ',
                (SELECT STRING_AGG(CAST(N'DROP VIEW %1$s.' + QUOTENAME(name) AS NVARCHAR(MAX)), N'; ') FROM sys.views WHERE schema_id = SCHEMA_ID(N'%1$s')), N'; ',
                (SELECT STRING_AGG(CAST(N'DROP TABLE %1$s.' + QUOTENAME(name) AS NVARCHAR(MAX)), N'; ') FROM sys.tables WHERE schema_id = SCHEMA_ID(N'%1$s')), N'; ',
                (SELECT STRING_AGG(CAST(N'DROP SEQUENCE %1$s.' + QUOTENAME(name) AS NVARCHAR(MAX)), N'; ') FROM sys.sequences WHERE schema_id = SCHEMA_ID(N'%1$s')), N'; ',
                N'DROP SCHEMA %1$s');
                EXEC sys.sp_executesql @drop""".formatted(schema);
    }

    @Override
    protected String createUser(String user, String password) {
        return "CREATE LOGIN %1$s WITH PASSWORD = '%2$s', CHECK_POLICY = OFF; CREATE USER %1$s FOR LOGIN %1$s"
                .formatted(user, password);
    }

    @Override
    protected List<String> dropUser(String user) {
        return List.of("DROP USER " + user, "DROP LOGIN " + user);
    }

    @Override
    protected String as(String jdbcUrl, String user, String password) {
        String anonymous = jdbcUrl.replaceAll("(?i);\\s*(user|userName|password)=[^;]*", "");
        return anonymous + (anonymous.endsWith(";") ? "" : ";") + "user=" + user + ";password=" + password;
    }

    /** SNAPSHOT, where the database allows it. */
    @Override
    protected List<Integer> furtherIsolationLevels(Connection connection) throws SQLException {
        String allowed =
                answer(connection, "SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()");
        return allowed.equals("1") ? List.of(ISQLServerConnection.TRANSACTION_SNAPSHOT) : List.of();
    }

    /** MERGE is all that SQL Server has; one that updates is refused before it begins, because the trigger is INSTEAD OF. */
    @Override
    protected List<UnaryOperator<String>> overwritingInserts() {
        return List.of(
                insert -> merge(insert, "c.event_id = s.event_id"),
                insert -> merge(insert, "c.append_key = s.append_key AND c.append_index = s.append_index"),
                insert -> merge(
                        insert, "c.entity = s.entity AND c.entity_key = s.entity_key AND c.revision = s.revision"));
    }

    private static String merge(String insert, String same) {
        Matcher parts = INSERT.matcher(insert);
        if (!parts.matches()) {
            return "MERGE on " + same;
        }
        String columns = parts.group(2);
        return "MERGE INTO %s AS c USING (VALUES %s) AS s (%s) ON %s WHEN NOT MATCHED THEN INSERT (%s) VALUES (s.%s);"
                .formatted(parts.group(1), parts.group(3), columns, same, columns, columns.replace(", ", ", s."));
    }

    @Override
    protected List<String> otherChanges(Server server) {
        return List.of(
                "MERGE INTO {t} AS c USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = c.entity;",
                "MERGE INTO {t} AS c USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN DELETE;",
                "UPDATE TOP (1) {t} SET entity = entity",
                "UPDATE {t} SET entity = entity OUTPUT deleted.entity",
                "UPDATE c SET entity = c.entity FROM {t} AS c",
                "WITH c AS (SELECT entity FROM {t}) UPDATE c SET entity = entity",
                "DELETE TOP (1) FROM {t}",
                "DELETE FROM {t} OUTPUT deleted.entity",
                "DELETE c FROM {t} AS c JOIN {t} AS o ON o.entity = c.entity",
                "WITH c AS (SELECT entity FROM {t}) DELETE FROM c");
    }

    @Override
    protected SQLException retryable() {
        return new SQLException("deadlock victim (on purpose)", "40001", DEADLOCK_VICTIM);
    }

    @Override
    protected String shortLockTimeout() {
        return "SET LOCK_TIMEOUT 100";
    }

    @Override
    public String sessionEnders(String user) {
        return "SELECT CONCAT('KILL ', session_id) FROM sys.dm_exec_sessions WHERE login_name = '" + user + "'";
    }

    @Override
    protected void kill(Connection connection, Server server) throws SQLException {
        String session = answer(connection, "SELECT @@SPID");
        try (Connection owner = server.owner().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("KILL " + session);
            String left = "SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE session_id = " + session;
            for (int tenths = 0; !answer(owner, left).equals("0"); tenths++) {
                if (tenths > SECONDS_TO_DIE * 10) {
                    throw new SQLException("session " + session + " did not end");
                }
                statement.execute("WAITFOR DELAY '00:00:00.100'");
            }
        }
    }

    private static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    protected String version() {
        return "SELECT @@VERSION";
    }

    /** Others speak its protocol, such as Babelfish, which puts its own name behind. */
    @Override
    protected boolean isProduct(String version) {
        return version.startsWith("Microsoft SQL ") && !version.contains("Babelfish");
    }

    @Override
    protected Map<String, String> settings() {
        String ofDatabase = "SELECT %s FROM sys.databases WHERE name = DB_NAME()";
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "isolation (2 is READ COMMITTED)",
                "SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID");
        settings.put("read_committed_snapshot", ofDatabase.formatted("is_read_committed_snapshot_on"));
        settings.put("allow_snapshot_isolation", ofDatabase.formatted("snapshot_isolation_state_desc"));
        settings.put("durability (delayed_durability)", ofDatabase.formatted("delayed_durability_desc"));
        settings.put("compatibility_level", ofDatabase.formatted("compatibility_level"));
        settings.put("collation", ofDatabase.formatted("collation_name"));
        settings.put("edition", "SELECT CAST(SERVERPROPERTY('Edition') AS NVARCHAR(128))");
        settings.put("time zone", "SELECT DATENAME(TZOFFSET, SYSDATETIMEOFFSET())");
        return settings;
    }
}
