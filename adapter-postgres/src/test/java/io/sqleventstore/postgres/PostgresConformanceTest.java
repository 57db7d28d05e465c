package io.sqleventstore.postgres;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Role;
import io.sqleventstore.conformance.ServerPlaces;
import io.sqleventstore.sql.Dialect;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Certifies PostgreSQL: the server at {@code TEST_POSTGRES_URL}, else an embedded one; each place is a schema. */
public class PostgresConformanceTest extends EventStoreConformance {
    @SuppressWarnings("NullAway.Init")
    private static ServerPlaces places;

    private static @Nullable EmbeddedPostgres embedded;

    @BeforeAll
    static void start() throws IOException {
        String url = System.getenv("TEST_POSTGRES_URL");
        if (url == null) {
            embedded = EmbeddedPostgres.start();
            url = embedded.getJdbcUrl("postgres", "postgres");
        }
        places = new ServerPlaces(url);
    }

    @AfterAll
    static void stop() throws IOException {
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
    protected DataSource as(Role role, Place place) {
        String schema = place.options().schema();
        String rights = role == Role.READER ? "SELECT" : "SELECT, INSERT";
        return places.as(
                "GRANT USAGE ON SCHEMA " + schema + " TO {user}",
                "GRANT " + rights + " ON ALL TABLES IN SCHEMA " + schema + " TO {user}");
    }

    @Override
    protected String shortLockTimeout() {
        return "SET LOCAL lock_timeout = '100ms'";
    }
}
