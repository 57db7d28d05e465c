package io.sqleventstore.benchmarks;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.mysql.MariadbFixture;
import io.sqleventstore.mysql.MysqlFixture;
import io.sqleventstore.postgres.PostgresFixture;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A place on a real server, wherever the adapters' tests find one; without one the test is not run, unless the database is required. */
final class TestServers {
    private TestServers() {}

    /** What is done there. */
    interface Work {
        void in(Place place) throws Exception;
    }

    /** In a file of that folder. */
    static void onSqlite(Path folder, Work work) throws Exception {
        try (Place place = Place.create(new Address("jdbc:sqlite:" + folder.resolve("place.db"), null, null), 2, 0)) {
            work.in(place);
        }
    }

    static void onPostgres(Work work) throws Exception {
        on(
                "postgres",
                new PostgresFixture(),
                () -> TestDatabase.find("postgres", "postgres:17", PostgreSQLContainer::new, TestServers::embedded),
                work);
    }

    private static TestDatabase.Embedded embedded() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        return new TestDatabase.Embedded(server.getJdbcUrl("postgres", "postgres"), server);
    }

    static void onMysql(Work work) throws Exception {
        on(
                "mysql",
                new MysqlFixture(),
                () -> TestDatabase.find(
                        "mysql", "mysql:9", image -> new MySQLContainer(image).withUsername("root"), null),
                work);
    }

    static void onMariadb(Work work) throws Exception {
        on(
                "mariadb",
                new MariadbFixture(),
                () -> TestDatabase.find(
                        "mariadb", "mariadb:11.8", image -> new MariaDBContainer(image).withUsername("root"), null),
                work);
    }

    private static void on(String name, Fixture fixture, Callable<TestDatabase> search, Work work) throws Exception {
        try (TestDatabase server = search.call();
                Place place = Place.create(new Address(server.jdbcUrl(fixture), null, null), 2, 0)) {
            work.in(place);
        } catch (TestDatabase.Missing e) {
            throw e.unlessRequired(name);
        }
    }
}
