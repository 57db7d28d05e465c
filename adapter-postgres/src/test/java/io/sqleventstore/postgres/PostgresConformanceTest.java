package io.sqleventstore.postgres;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.ServerPlaces;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.Dialect;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Certifies PostgreSQL, on whatever server {@link TestDatabase} finds; each place is a schema. */
public class PostgresConformanceTest extends EventStoreConformance {
    private final TestDatabase database;
    private final ServerPlaces places;

    PostgresConformanceTest() throws Exception {
        database = TestDatabase.find(
                "postgres", "postgres:17", PostgreSQLContainer::new, PostgresConformanceTest::embedded);
        places = new ServerPlaces(database.jdbcUrl(), new PostgresDialect());
    }

    private static TestDatabase.Embedded embedded() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        return new TestDatabase.Embedded(server.getJdbcUrl("postgres", "postgres"), server);
    }

    @Override
    protected void stop() throws Exception {
        places.close();
        database.close();
    }

    @Override
    protected Dialect dialect() {
        return new PostgresDialect();
    }

    @Override
    protected Place newPlace() {
        return places.newPlace();
    }

    @Override
    protected void kill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()")) {
            backend.next();
            places.execute("SELECT pg_terminate_backend(" + backend.getInt(1) + ", 10000)");
        }
    }

    @Override
    protected String shortLockTimeout() {
        return "SET LOCAL lock_timeout = '100ms'";
    }

    @Override
    protected List<String> otherChanges() {
        List<String> changes = List.of(
                "UPDATE ONLY {t} SET entity = entity",
                "DELETE FROM ONLY {t}",
                "DELETE FROM {t} USING {t} other WHERE {t}.entity = other.entity",
                "WITH changed AS (UPDATE {t} SET entity = entity RETURNING entity) SELECT count(*) FROM changed",
                "WITH removed AS (DELETE FROM {t} RETURNING entity) SELECT count(*) FROM removed",
                "TRUNCATE {t} RESTART IDENTITY CASCADE");
        return hasMerge()
                ? Stream.concat(changes.stream(), super.otherChanges().stream()).toList()
                : changes;
    }

    private boolean hasMerge() {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl())) {
            return connection.getMetaData().getDatabaseMajorVersion() >= 15;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
