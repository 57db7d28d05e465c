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
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Places in a database server that has {@code CREATE SCHEMA} and {@code CREATE ROLE} as the SQL standard does: one schema each, one pool
 * for all.
 */
public final class ServerPlaces implements AutoCloseable {
    private static final int POOL_SIZE = 40;

    private final String jdbcUrl;
    private final HikariDataSource pool;
    private final List<HikariDataSource> userPools = new ArrayList<>();
    private final List<String> users = new ArrayList<>();

    /** In the server behind that URL, which carries the credentials of a user who may create schemas and roles. */
    public ServerPlaces(String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
        this.pool = pool(jdbcUrl);
    }

    private static HikariDataSource pool(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** A new schema. */
    public Place newPlace() {
        String schema = "es_" + unique();
        execute("CREATE SCHEMA " + schema);
        return new Place(
                pool, StoreOptions.defaults().withSchema(schema), () -> execute("DROP SCHEMA " + schema + " CASCADE"));
    }

    /** Connections of a new user who has what the dialect's own script of grants gives to that role, and no more. */
    public DataSource as(Role role, Place place, Dialect dialect) {
        String appender = newUser();
        String reader = newUser();
        String grants = SqlSchema.grants(dialect, place.options(), appender, reader, newUser());
        for (String grant : grants.split(";\\s*(\\n|$)", -1)) {
            if (!grant.isBlank()) {
                execute(grant);
            }
        }
        HikariDataSource itsPool = userPool(role == Role.APPENDER ? appender : reader);
        userPools.add(itsPool);
        return itsPool;
    }

    private String newUser() {
        String user = "es_user_" + unique();
        execute("CREATE ROLE " + user + " LOGIN PASSWORD 'es'");
        users.add(user);
        return user;
    }

    private HikariDataSource userPool(String user) {
        String anonymous = jdbcUrl.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "");
        String separator = anonymous.contains("?") ? "&" : "?";
        return pool(anonymous + separator + "user=" + user + "&password=es");
    }

    private static String unique() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    private void execute(String sql) {
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
        userPools.forEach(HikariDataSource::close);
        users.forEach(user -> execute("DROP OWNED BY " + user + " CASCADE"));
        users.forEach(user -> execute("DROP ROLE " + user));
        pool.close();
    }
}
