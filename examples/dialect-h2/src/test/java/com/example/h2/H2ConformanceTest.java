package com.example.h2;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.tools.Server;

/** Certifies H2: a server in this process, a database in its memory. */
public class H2ConformanceTest extends EventStoreConformance {
    @Override
    protected Fixture fixture() {
        return new H2Fixture();
    }

    @Override
    protected TestDatabase database() throws SQLException {
        Server server =
                Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        String url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:certify;USER=sa;PASSWORD=es";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SET DB_CLOSE_DELAY -1"); // else it is gone with its last connection
        }
        return TestDatabase.started(new TestDatabase.Embedded(url, server::stop));
    }
}
