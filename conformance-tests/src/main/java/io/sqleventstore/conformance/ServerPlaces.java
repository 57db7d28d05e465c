package io.sqleventstore.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Places in a database server that has {@code CREATE SCHEMA} and {@code CREATE ROLE} as the SQL standard does: one schema each, one pool
 * for all of their owner.
 */
public final class ServerPlaces implements AutoCloseable {
    private static final int POOL_SIZE = 40;
    private static final int IDLE_MILLIS = 10_000;

    private final String jdbcUrl;
    private final Dialect dialect;
    private final HikariDataSource pool;
    private final List<String> users = new ArrayList<>();

    /** In the server behind that URL, which carries the credentials of a user who may create schemas and roles. */
    public ServerPlaces(String jdbcUrl, Dialect dialect) {
        this.jdbcUrl = jdbcUrl;
        this.dialect = dialect;
        this.pool = pool(jdbcUrl);
    }

    /** A pool that gives idle connections back soon, since a server has many such pools to bear. */
    static HikariDataSource pool(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_MILLIS);
        return new HikariDataSource(config);
    }

    /** At most one of these connections at a time; who asks for a second one is soon told that there is none. */
    static HikariDataSource poolOfOne(DataSource connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(connections);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(2_000);
        return new HikariDataSource(config);
    }

    /** A new schema. */
    public Place newPlace() {
        String schema = "es_" + unique();
        execute("CREATE SCHEMA " + schema);
        StoreOptions options = StoreOptions.defaults().withSchema(schema);
        return new Place(pool, new Users(options), options, () -> execute("DROP SCHEMA " + schema + " CASCADE"));
    }

    /** The users of one place, made when the first is asked for. */
    private final class Users implements Function<Role, String> {
        private final StoreOptions options;
        private @Nullable Map<Role, String> names;

        Users(StoreOptions options) {
            this.options = options;
        }

        @Override
        public synchronized String apply(Role role) {
            if (names == null) {
                names = newUsers();
            }
            String anonymous = jdbcUrl.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "");
            String separator = anonymous.contains("?") ? "&" : "?";
            return anonymous + separator + "user=" + names.get(role) + "&password=es";
        }

        private Map<Role, String> newUsers() {
            String appender = newUser();
            String reader = newUser();
            String follower = newUser();
            String script = SqlSchema.grants(dialect, options, appender, reader, follower);
            for (String grant : script.split(";\\s*(\\n|$)", -1)) {
                if (!grant.isBlank()) {
                    execute(grant);
                }
            }
            return Map.of(Role.APPENDER, appender, Role.READER, reader, Role.FOLLOWER, follower);
        }
    }

    private String newUser() {
        String user = "es_user_" + unique();
        execute("CREATE ROLE " + user + " LOGIN PASSWORD 'es'");
        users.add(user);
        return user;
    }

    private static String unique() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** Executes a statement as the user that the URL names. */
    public void execute(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Removes the users that it made. */
    @Override
    public void close() {
        users.forEach(user -> execute("DROP OWNED BY " + user + " CASCADE"));
        users.forEach(user -> execute("DROP ROLE " + user));
        pool.close();
    }
}
