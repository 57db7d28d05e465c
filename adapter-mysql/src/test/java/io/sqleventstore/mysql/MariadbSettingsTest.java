package io.sqleventstore.mysql;

import io.sqleventstore.conformance.TestDatabase;

class MariadbSettingsTest extends HostileSettings {
    MariadbSettingsTest() {
        super(new MariadbFixture());
    }

    @Override
    TestDatabase find() throws Exception {
        return MariadbConformanceTest.anyServer();
    }
}
