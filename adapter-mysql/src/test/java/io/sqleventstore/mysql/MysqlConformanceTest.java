package io.sqleventstore.mysql;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Certifies MySQL, on whatever server {@link TestDatabase} finds, by MySQL Connector/J unless told otherwise. */
public class MysqlConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new MysqlFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return anyServer();
    }

    static TestDatabase anyServer() throws Exception {
        return Servers.prepared(
                new MysqlFixture(), TestDatabase.find("mysql", "mysql:9", MysqlConformanceTest::container, null));
    }

    /** Its own default user may create neither databases nor users. */
    private static MySQLContainer container(DockerImageName image) {
        return new MySQLContainer(image).withUsername("root");
    }
}
