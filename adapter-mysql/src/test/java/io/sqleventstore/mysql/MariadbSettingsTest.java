package io.sqleventstore.mysql;

import io.sqleventstore.conformance.BriefInserts;
import io.sqleventstore.conformance.TestDatabase;
import org.junit.jupiter.api.Test;

class MariadbSettingsTest extends HostileSettings {
    MariadbSettingsTest() {
        super(new MariadbFixture());
    }

    @Override
    TestDatabase find() throws Exception {
        return MariadbConformanceTest.anyServer();
    }

    @Test
    void anInsertThatIsToWaitBrieflyDoes() throws Exception {
        try (TestDatabase server = find()) {
            new BriefInserts(new MariadbDialect()).assertKept(server.jdbcUrl(new MariadbFixture()));
        }
    }
}
