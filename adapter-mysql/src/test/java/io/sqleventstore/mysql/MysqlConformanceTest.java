package io.sqleventstore.mysql;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import org.testcontainers.mysql.MySQLContainer;

/** Certifies MySQL, on whatever server {@link TestDatabase} finds, by MySQL Connector/J unless told otherwise. */
public class MysqlConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new MysqlFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return Servers.prepared(new MysqlFixture(), TestDatabase.find("mysql", "mysql:9", MySQLContainer::new, null));
    }
}
