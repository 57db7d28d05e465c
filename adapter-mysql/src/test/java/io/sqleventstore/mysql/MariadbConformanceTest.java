package io.sqleventstore.mysql;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import org.testcontainers.mariadb.MariaDBContainer;

/** Certifies MariaDB, on whatever server {@link TestDatabase} finds, by MariaDB Connector/J unless told otherwise. */
public class MariadbConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new MariadbFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return Servers.prepared(new MariadbFixture(), TestDatabase.find("mariadb", "mariadb:11.8", MariaDBContainer::new, null));
    }
}
