package io.sqleventstore.mysql;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.utility.DockerImageName;

/** Certifies MariaDB, on whatever server {@link TestDatabase} finds, by MariaDB Connector/J unless told otherwise. */
public class MariadbConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new MariadbFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return anyServer();
    }

    static TestDatabase anyServer() throws Exception {
        return Servers.prepared(
                new MariadbFixture(),
                TestDatabase.find("mariadb", "mariadb:11.8", MariadbConformanceTest::container, null));
    }

    /** Its own default user may create neither databases nor users. */
    private static MariaDBContainer container(DockerImageName image) {
        return new MariaDBContainer(image).withUsername("root");
    }
}
