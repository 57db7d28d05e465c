package io.sqleventstore.lies;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certification;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.postgres.PostgresConformanceTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The databases that stores lie on, found as the adapters' own tests find them. */
final class Databases implements AutoCloseable {
    private final TestDatabase postgres;
    private final String sqlite;

    /** With files in that folder. */
    Databases(Path folder) throws Exception {
        postgres = new Finding().database();
        sqlite = "jdbc:sqlite:" + folder.resolve("lies.db");
    }

    private static final class Finding extends PostgresConformanceTest {
        @Override
        protected TestDatabase database() throws Exception {
            return super.database();
        }
    }

    /** What the suite, or a part of it, finds out about a store that lies. */
    Certificate certify(Lie lie, Predicate<String> tests) {
        String url = lie.on() == On.POSTGRES ? postgres.jdbcUrl() : sqlite;
        return new Certification(lie.on().fixture(lie), url)
                .only(test -> tests.test(test.getName()))
                .run();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
