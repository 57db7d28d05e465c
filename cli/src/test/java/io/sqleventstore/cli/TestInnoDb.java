package io.sqleventstore.cli;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.mysql.MariadbFixture;
import io.sqleventstore.mysql.MysqlFixture;
import java.util.UUID;
import java.util.function.Function;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A database of its own on a real MySQL or MariaDB, wherever the adapter's tests find one; without one the test is skipped, unless it is required. */
final class TestInnoDb {
    private TestInnoDb() {}

    /** What is done there. */
    interface Work {
        void on(String url) throws Exception;
    }

    static void onMysql(Work work) throws Exception {
        on("mysql", "mysql:9", new MysqlFixture(), image -> new MySQLContainer(image).withUsername("root"), work);
    }

    static void onMariadb(Work work) throws Exception {
        on(
                "mariadb",
                "mariadb:11.8",
                new MariadbFixture(),
                image -> new MariaDBContainer(image).withUsername("root"),
                work);
    }

    private static void on(
            String name,
            String image,
            Fixture fixture,
            Function<DockerImageName, JdbcDatabaseContainer<?>> container,
            Work work)
            throws Exception {
        try (TestDatabase server = TestDatabase.find(name, image, container, null)) {
            String database = "cli_" + UUID.randomUUID().toString().substring(0, 8);
            String url = server.jdbcUrl(fixture);
            Run.sql(url, "CREATE DATABASE " + database);
            try {
                work.on(url.replaceFirst("(//[^/]+/)[^?]*", "$1" + database));
            } finally {
                Run.sql(url, "DROP DATABASE " + database);
            }
        } catch (TestDatabase.Missing e) {
            throw e.unlessRequired(name);
        }
    }
}
