package io.sqleventstore.mysql;

import io.sqleventstore.conformance.TestDatabase;
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
        String url = driver.equals("mariadb") ? byMariadb(given) : byMysql(given);
        takeLargestDocuments(url);
        return TestDatabase.started(new TestDatabase.Embedded(url, found::close));
    }

    private static String byMysql(String url) {
        return url.replace(MARIADB, MYSQL);
    }

    /** Its driver has to be told to trust a server that signed its own certificate, which MySQL's does without being told. */
    private static String byMariadb(String url) {
        return url.startsWith(MYSQL) ? url.replace(MYSQL, MARIADB) + "&sslMode=trust" : url;
    }

    /** MariaDB's default is less than an event may have (contract FID-1); new sessions have what is set here. */
    private static void takeLargestDocuments(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (Integer.parseInt(InnoDbFixture.answer(connection, "SELECT @@GLOBAL.max_allowed_packet"))
                    < LARGEST_PACKET) {
                statement.execute("SET GLOBAL max_allowed_packet = " + LARGEST_PACKET);
            }
        }
    }
}
