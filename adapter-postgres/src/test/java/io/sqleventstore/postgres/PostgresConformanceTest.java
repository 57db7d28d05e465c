package io.sqleventstore.postgres;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Certifies PostgreSQL, on whatever server {@link TestDatabase} finds. */
public class PostgresConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new PostgresFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return anyServer();
    }

    static TestDatabase anyServer() throws Exception {
        return TestDatabase.find(
                "postgres", "postgres:17", PostgreSQLContainer::new, PostgresConformanceTest::embedded);
    }

    private static TestDatabase.Embedded embedded() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        return new TestDatabase.Embedded(server.getJdbcUrl("postgres", "postgres"), server);
    }
}
