package io.sqleventstore.mysql;

import io.sqleventstore.conformance.TestDatabase;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** What the tests of both databases do with the server that was found. */
final class Servers {
    /** Each of the largest documents twice, and the rest of the statement. */
    static final int LARGEST_PACKET = 64 << 20;

    private static final String MYSQL = "jdbc:mysql:";
    private static final String MARIADB = "jdbc:mariadb:";

    private Servers() {}

    /** The server, by the driver that the property {@code certify.<name>.driver} names: {@code mysql} or {@code mariadb}. */
    static TestDatabase prepared(InnoDbFixture fixture, TestDatabase found) throws SQLException {
        String name = fixture.dialect().name();
        String driver = System.getProperty("certify." + name + ".driver", name);
        String given = found.jdbcUrl(fixture);
        String url = switch (driver) {
            case "mysql" -> byMysql(given);
            case "mariadb" -> byMariadb(given);
            default ->
                throw new IllegalArgumentException("certify." + name + ".driver is " + driver + ": mysql or mariadb.");
        };
        Closeable restore = takeLargestDocuments(url);
        return TestDatabase.started(new TestDatabase.Embedded(url, () -> {
            try {
                restore.close();
            } finally {
                found.close();
            }
        }));
    }

    private static String byMysql(String url) {
        return url.startsWith(MARIADB)
                ? url.replace(MARIADB, MYSQL).replace("sslMode=disable", "sslMode=DISABLED")
                : url;
    }

    /** Its driver has to be told to trust a server that signed its own certificate, which MySQL's does without being told. */
    private static String byMariadb(String url) {
        if (!url.startsWith(MYSQL)) {
            return url;
        }
        String its = url.replace(MYSQL, MARIADB).replace("sslMode=DISABLED", "sslMode=disable");
        return its.contains("sslMode=") ? its : its + (its.contains("?") ? "&" : "?") + "sslMode=trust";
    }

    /** MariaDB's default is less than an event may have (contract FID-1); new sessions have what is set here, until it is closed. */
    private static Closeable takeLargestDocuments(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            int before = Integer.parseInt(InnoDbFixture.answer(connection, "SELECT @@GLOBAL.max_allowed_packet"));
            if (before >= LARGEST_PACKET) {
                return () -> {};
            }
            setLargestPacket(connection, LARGEST_PACKET);
            return () -> restore(url, before);
        }
    }

    private static void restore(String url, int packet) throws IOException {
        try (Connection connection = DriverManager.getConnection(url)) {
            setLargestPacket(connection, packet);
        } catch (SQLException e) {
            throw new IOException("max_allowed_packet is left as the tests had it", e);
        }
    }

    private static void setLargestPacket(Connection connection, int packet) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET GLOBAL max_allowed_packet = " + packet);
        }
    }
}
