package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** That each server is measured, and nothing left on it; what it measures here means nothing. */
class BenchServersTest {
    private static final List<String> WORKLOADS = List.of(
            "one-writer",
            "one-writer-idle-tails",
            "hot-entity",
            "batch-100",
            "mixed",
            "any-entity",
            "replay-all",
            "replay-entity",
            "tail-full-rollbacks",
            "cold-start-pool");

    @Test
    void postgres_is_measured() throws Exception {
        TestServers.onPostgres(BenchServersTest::assertMeasured);
    }

    @Test
    void mysql_is_measured() throws Exception {
        TestServers.onMysql(place -> {
            boolean has = !place.ask("SHOW VARIABLES LIKE 'innodb_native_foreign_keys'")
                    .isEmpty();
            BenchTest.Heard heard = assertMeasured(place);
            assertThat(heard.facts().keySet().stream().anyMatch(name -> name.contains("innodb_native_foreign_keys")))
                    .isEqualTo(has);
        });
    }

    @Test
    void mariadb_is_measured() throws Exception {
        TestServers.onMariadb(BenchServersTest::assertMeasured);
    }

    private static BenchTest.Heard assertMeasured(Place place) throws Exception {
        BenchTest.Heard heard = new BenchTest.Heard();
        Settings settings = new Settings(WORKLOADS, List.of(2), 0.05, 1, 0, 200, 200, 0, 0, true, 7);
        Report report = new Bench(place.address(), settings, List.of(), heard).run();
        assertThat(report.results())
                .hasSize(WORKLOADS.size() * Subject.OWN.size())
                .allSatisfy(
                        result -> assertThat(result.eventsPerSecond().least()).isPositive());
        assertThat(heard.facts().values()).doesNotContain("", "null");
        assertMeasuredInOnePlace(place);
        assertRemovedWhileAtWork(place);
        return heard;
    }

    /** Each after what others have stored, and after positions that they have left missing. */
    private static void assertMeasuredInOnePlace(Place place) throws Exception {
        List<String> workloads = List.of(
                "tail-paced-rollbacks", "hot-entity", "any-entity", "replay-all", "one-writer-idle-tails", "tail-full");
        Settings settings = new Settings(workloads, List.of(1, 2), 0.05, 1, 0, 200, 200, 0, 2_500, true, 7);
        Report report = new Bench(place.address(), settings, List.of(), new BenchTest.Heard()).run();
        assertThat(report.results()).hasSize((4 * 2 + 2) * Subject.OWN.size());
        assertThat(report.sizes()).isNotEmpty();
    }

    private static void assertRemovedWhileAtWork(Place place) throws Exception {
        Client client = place.client(Subject.LIBRARY, new Tally());
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> work = thread.submit(() -> {
                while (true) {
                    client.append("busy", 10);
                }
            });
            while (place.stored(Subject.LIBRARY) < 20) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            place.close();
            assertThatThrownBy(() -> work.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(Exception.class);
        } finally {
            thread.shutdownNow();
        }
        assertThat(schemas(place)).isZero();
    }

    private static int schemas(Place place) throws SQLException {
        try (Connection connection = place.address().connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM information_schema.schemata WHERE schema_name = '"
                                + place.options().schema() + "'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
