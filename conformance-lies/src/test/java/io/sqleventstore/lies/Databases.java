package io.sqleventstore.lies;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.conformance.Certification;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.DialectStatements;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The databases that stores lie on, found as the adapters' own tests find them. */
final class Databases implements AutoCloseable {
    private final TestDatabase postgres;
    private final String sqlite;

    /** With files in that folder. */
    Databases(Path folder) throws Exception {
        postgres = TestDatabase.find("postgres", "postgres:17", PostgreSQLContainer::new, Databases::embedded);
        sqlite = "jdbc:sqlite:" + folder.resolve("lies.db");
    }

    private static TestDatabase.Embedded embedded() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        return new TestDatabase.Embedded(server.getJdbcUrl("postgres", "postgres"), server);
    }

    /** What the suite, or a part of it, finds out about a store that lies. */
    Certificate certify(Lie lie, Predicate<String> tests) {
        String url =
                lie.on() == On.POSTGRES ? postgres.jdbcUrl(new io.sqleventstore.postgres.PostgresFixture()) : sqlite;
        Fixture fixture = lie.on().fixture(lie);
        // a lie that has become none is to fail here, not to seem caught by the suite
        DialectStatements.operations().forEach(fixture.dialect()::sql);
        return new Certification(fixture, url)
                .only(test -> tests.test(test.getName()))
                .run();
    }

    /** The tests that a certificate knows of, without those that were not to run. */
    static List<Certificate.Test> run(Certificate certificate) {
        return certificate.tests().stream()
                .filter(test -> test.outcome() != Outcome.NOT_RUN)
                .toList();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
