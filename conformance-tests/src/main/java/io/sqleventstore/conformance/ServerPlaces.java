package io.sqleventstore.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;

/** Places in a database server that has {@code CREATE SCHEMA} as the SQL standard does: one schema each, one pool for all. */
public final class ServerPlaces implements AutoCloseable {
    private static final int POOL_SIZE = 40;

    private final HikariDataSource pool;

    /** In the server behind that URL, which carries the owner's credentials. */
    public ServerPlaces(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        pool = new HikariDataSource(config);
    }

    /** A new schema. */
    public Place newPlace() {
        String schema = "es_" + UUID.randomUUID().toString().substring(0, 8);
        execute("CREATE SCHEMA " + schema);
        return new Place(
                pool, StoreOptions.defaults().withSchema(schema), () -> execute("DROP SCHEMA " + schema + " CASCADE"));
    }

    /** The owner's connections. */
    public DataSource dataSource() {
        return pool;
    }

    /** Runs a statement as the owner. */
    public void execute(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
