package com.example.h2;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Role;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;

/** Certifies H2: a server in this process, a database in its memory; each place is a schema. */
public class H2ConformanceTest extends EventStoreConformance {
    private final Server server;
    private final String url;
    private final DataSource owner;

    H2ConformanceTest() throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:certify";
        owner = connect(url + ";DB_CLOSE_DELAY=-1;USER=sa;PASSWORD=es");
    }

    @Override
    protected void stop() {
        execute("SHUTDOWN IMMEDIATELY");
        server.stop();
    }

    @Override
    protected Dialect dialect() {
        return new H2Dialect();
    }

    @Override
    protected Place newPlace() {
        String schema = name();
        execute("CREATE SCHEMA " + schema);
        StoreOptions options = StoreOptions.defaults().withSchema(schema);
        return new Place(owner, new Users(options), options, () -> execute("DROP SCHEMA " + schema + " CASCADE"));
    }

    /** The users of one place, made when the first is asked for. */
    private final class Users implements Function<Role, String> {
        private final StoreOptions options;
        private final Map<Role, String> names = new EnumMap<>(Role.class);

        Users(StoreOptions options) {
            this.options = options;
        }

        @Override
        public synchronized String apply(Role role) {
            if (names.isEmpty()) {
                for (Role each : Role.values()) {
                    names.put(each, name());
                    execute("CREATE USER " + names.get(each) + " PASSWORD 'es'");
                }
                execute(SqlSchema.grants(
                        new H2Dialect(),
                        options,
                        names.get(Role.APPENDER),
                        names.get(Role.READER),
                        names.get(Role.FOLLOWER)));
            }
            return url + ";USER=" + names.get(role) + ";PASSWORD=es";
        }
    }

    private static String name() {
        return "es_" + UUID.randomUUID().toString().substring(0, 8);
    }

    private void execute(String sql) {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
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
    protected void kill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet session = statement.executeQuery("SELECT SESSION_ID()")) {
            session.next();
            execute("CALL ABORT_SESSION(" + session.getInt(1) + ")");
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
    protected List<String> otherChanges() {
        return List.of(
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = entity",
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN DELETE",
                "MERGE INTO {t} (entity) KEY (entity) SELECT entity FROM {t}",
                "SELECT entity FROM OLD TABLE (DELETE FROM {t})",
                "SELECT entity FROM FINAL TABLE (UPDATE {t} SET entity = entity)",
                "DELETE FROM {t} FETCH FIRST ROW ONLY",
                "TRUNCATE TABLE {t} RESTART IDENTITY");
    }
}
