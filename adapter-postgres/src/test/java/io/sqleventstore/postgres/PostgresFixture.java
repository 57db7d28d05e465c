package io.sqleventstore.postgres;

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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL as the suite has to know it: each place is a schema. */
public class PostgresFixture extends Fixture {
    private static final Pattern GENUINE = Pattern.compile(
            "(?i)(?!.*(redshift|greenplum|cloudberry|enterprisedb|opengauss|hashdata|yugabyte|-YB-))"
                    + "PostgreSQL \\d+[\\w.]*( \\(.*?\\))?( on |, compiled by ).*",
            Pattern.DOTALL);

    /** For the adapter's dialect. */
    public PostgresFixture() {
        this(new PostgresDialect());
    }

    /** For another dialect of this database. */
    protected PostgresFixture(Dialect dialect) {
        super(dialect);
    }

    /** Who creates a role may give it to himself, and needs that to end its sessions if he is no superuser. */
    @Override
    protected String createUser(String user, String password) {
        return super.createUser(user, password) + "; GRANT " + user + " TO CURRENT_USER";
    }

    @Override
    protected void kill(Connection connection, Server server) throws SQLException {
        String backend = answer(connection, "SELECT pg_backend_pid()");
        try (Connection owner = server.owner().getConnection()) {
            if (!answer(owner, "SELECT pg_terminate_backend(" + backend + ", 10000)")
                    .equals("t")) {
                throw new SQLException("session " + backend + " did not end");
            }
        }
    }

    @Override
    public String sessionEnders(String user) {
        return "SELECT 'SELECT pg_terminate_backend(' || pid || ')' FROM pg_stat_activity WHERE usename = '" + user
                + "'";
    }

    @Override
    public List<String> readOnly(boolean on) {
        return List.of(
                "SET default_transaction_read_only = off", // this session is to be able to end it
                on
                        ? "ALTER SYSTEM SET default_transaction_read_only = on"
                        : "ALTER SYSTEM RESET default_transaction_read_only",
                "SELECT pg_reload_conf()",
                "RESET default_transaction_read_only");
    }

    private static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    protected String shortLockTimeout() {
        return "SET LOCAL lock_timeout = '100ms'";
    }

    @Override
    protected List<String> otherChanges(Server server) {
        List<String> changes = List.of(
                "UPDATE ONLY {t} SET entity = entity",
                "DELETE FROM ONLY {t}",
                "DELETE FROM {t} USING {t} other WHERE {t}.entity = other.entity",
                "WITH changed AS (UPDATE {t} SET entity = entity RETURNING entity) SELECT count(*) FROM changed",
                "WITH removed AS (DELETE FROM {t} RETURNING entity) SELECT count(*) FROM removed",
                "TRUNCATE {t} RESTART IDENTITY CASCADE");
        return hasMerge(server)
                ? Stream.concat(changes.stream(), super.otherChanges(server).stream())
                        .toList()
                : changes;
    }

    private static boolean hasMerge(Server server) {
        try (Connection connection = server.owner().getConnection()) {
            return connection.getMetaData().getDatabaseMajorVersion() >= 15;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected String version() {
        return "SELECT version()";
    }

    /** Not of those that speak PostgreSQL's protocol, as far as they tell: YugabyteDB, CockroachDB, Redshift and so on do. */
    @Override
    protected boolean isProduct(String version) {
        return GENUINE.matcher(version).matches();
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("isolation", "SHOW default_transaction_isolation");
        settings.put(
                "durability",
                "SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings"
                        + " WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')");
        settings.put("encoding", "SHOW server_encoding");
        settings.put("collation", "SELECT datcollate FROM pg_database WHERE datname = current_database()");
        settings.put("time zone", "SHOW timezone");
        return settings;
    }
}
