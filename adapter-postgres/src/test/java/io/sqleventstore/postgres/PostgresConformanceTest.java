package io.sqleventstore.postgres;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.ServerPlaces;
import io.sqleventstore.sql.Dialect;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Certifies PostgreSQL: the server at {@code TEST_POSTGRES_URL}, else an embedded one; each place is a schema. */
public class PostgresConformanceTest extends EventStoreConformance {
    private final @Nullable EmbeddedPostgres embedded;
    private final ServerPlaces places;

    PostgresConformanceTest() throws IOException {
        String url = System.getenv("TEST_POSTGRES_URL");
        embedded = url == null ? EmbeddedPostgres.start() : null;
        places = new ServerPlaces(
                embedded == null ? url : embedded.getJdbcUrl("postgres", "postgres"), new PostgresDialect());
    }

    @Override
    protected void stop() throws IOException {
        places.close();
        if (embedded != null) {
            embedded.close();
        }
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
        return Stream.concat(changes.stream(), super.otherChanges().stream()).toList();
    }
}
