package io.sqleventstore.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * An empty store for a test of an application, on the kind of database that the application runs on.
 *
 * <pre>{@code
 * @AutoClose
 * final TestStore test = TestStore.at("jdbc:postgresql://localhost/test?user=test&password=test");
 * }</pre>
 *
 * <p>It has a schema of its own (SQLite: a file beside the named one), which is the connections' default schema, so that the application's
 * own tables go there too. {@link #close} removes it with everything in it; nothing else on the server is touched. On the class path it
 * needs the adapter and the adapter's test-jar, which knows how such a schema is made. Safe for use by many threads.
 */
public final class TestStore implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";

    private final Server server;
    private final HikariDataSource connections;
    private final SqlEventStore store;

    private TestStore(Server server, HikariDataSource connections, SqlEventStore store) {
        this.server = server;
        this.connections = connections;
        this.store = store;
    }

    /**
     * {@return an empty store on the server behind that URL}
     *
     * @param jdbcUrl of a user who may create schemas, credentials included
     * @throws io.sqleventstore.SchemaMismatch if there is no adapter for it on the class path
     * @throws IllegalStateException if the server refuses, or its connections can't be told their default schema (SQL Server)
     */
    public static TestStore at(String jdbcUrl) {
        return at(jdbcUrl, fixture(jdbcUrl));
    }

    /**
     * {@return as {@link #at(String)}, an empty store on the server behind that URL}
     *
     * @param jdbcUrl of a user who may create schemas, credentials included
     * @param fixture knows how a schema is made there, in place of the one on the class path
     * @throws IllegalStateException as {@link #at(String)} does
     */
    public static TestStore at(String jdbcUrl, Fixture fixture) {
        Server server = new Server(jdbcUrl, fixture);
        try {
            Place place = server.newPlace();
            SqlSchema.of(place.dataSource(), fixture.dialect(), place.options()).install();
            HikariDataSource connections = connections(place);
            try {
                return new TestStore(server, connections, SqlEventStore.open(connections, fixture.dialect()));
            } catch (RuntimeException | Error e) {
                connections.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static Fixture fixture(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(
                jdbcUrl.startsWith(SQLITE) ? SQLITE + ":memory:" : jdbcUrl); // else the named file would be made
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            return Fixtures.of(Dialects.of(pool));
        }
    }

    /** Connections whose default schema is the place, lest the tables go where others are. */
    private static HikariDataSource connections(Place place) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(place.dataSource());
        config.setMinimumIdle(0); // most tests need one or two
        String schema = place.options().schema();
        if (schema.isEmpty()) {
            return new HikariDataSource(config);
        }
        try (Connection connection = place.dataSource().getConnection()) {
            DatabaseMetaData its = connection.getMetaData();
            String stored = its.storesUpperCaseIdentifiers() ? schema.toUpperCase(Locale.ROOT) : schema;
            if (its.supportsSchemasInDataManipulation()) {
                connection.setSchema(stored);
                check(stored, connection.getSchema());
                config.setSchema(stored);
            } else { // some databases call their schemas catalogs
                connection.setCatalog(stored);
                check(stored, connection.getCatalog());
                config.setCatalog(stored);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("no default schema can be set", e);
        }
        return new HikariDataSource(config);
    }

    private static void check(String wanted, String found) {
        if (!wanted.equals(found)) {
            throw new IllegalStateException("the connection's default schema is " + found + ", although " + wanted
                    + " was set: open the store in a schema of your own, by StoreOptions.withSchema");
        }
    }

    /** {@return connections whose default schema has the store's tables and, so far, nothing else; at most ten at a time} */
    public DataSource dataSource() {
        return connections;
    }

    /** {@return the store, with default options} */
    public SqlEventStore store() {
        return store;
    }

    /**
     * Closes the connections and removes the schema with everything in it.
     *
     * @throws IllegalStateException if it could not be removed
     */
    @Override
    public void close() {
        connections.close();
        server.close();
    }
}
