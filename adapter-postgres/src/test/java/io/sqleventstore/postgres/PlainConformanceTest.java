package io.sqleventstore.postgres;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;

/** Certifies what the engine does for databases that can do less, on the server that {@link PostgresConformanceTest} has. */
public class PlainConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new PostgresFixture(new PlainDialect()) {
            @Override
            protected boolean generatorIsExact() {
                return false;
            }
        };
    }

    @Override
    protected TestDatabase database() throws Exception {
        return new PostgresConformanceTest().database();
    }
}
