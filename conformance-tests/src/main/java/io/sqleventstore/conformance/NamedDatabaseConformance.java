package io.sqleventstore.conformance;

import org.junit.jupiter.api.extension.ExtendWith;

/** Certifies the database that a {@link Certification} names. */
@ExtendWith(Certification.Giver.class)
final class NamedDatabaseConformance extends EventStoreConformance {
    private final Certification run;

    NamedDatabaseConformance(Certification run) {
        this.run = run;
    }

    @Override
    protected Fixture fixture() {
        return run.fixture();
    }

    @Override
    protected TestDatabase database() {
        return TestDatabase.at(run.jdbcUrl());
    }
}
