package io.sqleventstore.mysql;

import io.sqleventstore.conformance.TestDatabase;

class MysqlSettingsTest extends HostileSettings {
    MysqlSettingsTest() {
        super(new MysqlFixture());
    }

    @Override
    TestDatabase find() throws Exception {
        return MysqlConformanceTest.anyServer();
    }
}
