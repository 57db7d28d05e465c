package io.sqleventstore.rivals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.benchmarks.Address;
import io.sqleventstore.benchmarks.Bench;
import io.sqleventstore.benchmarks.Refusal;
import io.sqleventstore.benchmarks.Report;
import io.sqleventstore.benchmarks.Result;
import io.sqleventstore.benchmarks.Rival;
import io.sqleventstore.benchmarks.Settings;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.postgres.PostgresFixture;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** That each rival has really stored what it is measured by; the figures here mean nothing. */
class RivalsTest {
    private static final String DOCUMENT = "{\"card\":\"queen of spades, \u2660\"}";

    /** The column with the document, of each. */
    private static final Map<String, String> COLUMNS =
            Map.of("axon-jdbc", "payload", "axon-jpa", "payload", "pekko-jdbc", "event_payload");

    private static final List<String> RIVALS =
            COLUMNS.keySet().stream().sorted().toList();

    private static TestDatabase server;

    @BeforeAll
    static void findServer() throws Exception {
        server = TestDatabase.find("postgres", "postgres:17", PostgreSQLContainer::new, RivalsTest::embedded);
    }

    private static TestDatabase.Embedded embedded() throws IOException {
        EmbeddedPostgres embedded = EmbeddedPostgres.start();
        return new TestDatabase.Embedded(embedded.getJdbcUrl("postgres", "postgres"), embedded);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    private static Address address() {
        return new Address(server.jdbcUrl(new PostgresFixture()), null, null);
    }

    @ParameterizedTest
    @FieldSource("RIVALS")
    void what_was_appended_is_in_the_table_and_is_read_back(String label) throws Exception {
        Rival rival = Rival.named(List.of(label)).get(0);
        String schema = "rivals_" + label.replace('-', '_');
        try (HikariDataSource pool = pool()) {
            execute(pool, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            execute(pool, "CREATE SCHEMA " + schema);
            try (Rival.Session session = rival.open(new Rival.Site(address(), pool, schema, 3, true))) {
                Rival.Worker client = session.worker();
                assertThat(client.append("a", List.of(DOCUMENT))).isZero();
                assertThat(client.append("a", Collections.nCopies(1_000, DOCUMENT)))
                        .isZero();
                assertThat(client.append("b", Collections.nCopies(2, DOCUMENT))).isZero();

                String table = schema + "." + rival.subject().table();
                assertThat(ask(pool, "SELECT count(*) FROM " + table)).isEqualTo("1003");
                assertThat(ask(pool, "SELECT DISTINCT convert_from(" + COLUMNS.get(label) + ", 'UTF8') FROM " + table))
                        .isEqualTo(DOCUMENT);
                assertThat(client.replay("a")).isEqualTo(1_001);
                assertThat(client.replay("b")).isEqualTo(2);
                assertThat(client.replay("c")).isZero();
                assertThat(client.replayAll()).isEqualTo(1_003);
            } finally {
                execute(pool, "DROP SCHEMA " + schema + " CASCADE");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("RIVALS")
    void two_who_append_to_an_entity_lose_nothing(String label) throws Exception {
        Rival rival = Rival.named(List.of(label)).get(0);
        String schema = "rivals_two_" + label.replace('-', '_');
        try (HikariDataSource pool = pool()) {
            execute(pool, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            execute(pool, "CREATE SCHEMA " + schema);
            try (Rival.Session session = rival.open(new Rival.Site(address(), pool, schema, 3, false))) {
                Rival.Worker first = session.worker();
                Rival.Worker second = session.worker();
                first.append("shared", List.of(DOCUMENT));
                int refused = second.append("shared", List.of(DOCUMENT));
                refused += first.append("shared", List.of(DOCUMENT));

                assertThat(refused).isEqualTo(label.startsWith("axon") ? 2 : 0);
                assertThat(first.replay("shared")).isEqualTo(3);
            } finally {
                execute(pool, "DROP SCHEMA " + schema + " CASCADE");
            }
        }
    }

    @Test
    void all_are_measured_in_one_run() throws Exception {
        List<String> workloads = List.of(
                "one-writer",
                "own-entities",
                "small-entities",
                "hot-entity",
                "batch-1000",
                "mixed",
                "replay-all",
                "replay-entity",
                "tail-paced");
        Settings settings = new Settings(workloads, List.of(4), 0.1, 1, 0, 2_000, 500, 0, 0, true, 1);
        Report report = new Bench(address(), settings, Rival.named(RIVALS), new Quiet()).run();

        for (String workload : workloads) {
            List<Result> results = report.results().stream()
                    .filter(result -> result.workload().equals(workload))
                    .toList();
            assertThat(results)
                    .as(workload)
                    .hasSize(workload.equals("tail-paced") ? 3 : 3 + RIVALS.size())
                    .allSatisfy(result -> assertThat(result.library()).isPositive());
        }
    }

    @Test
    void a_rival_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> Rival.named(List.of("axon-jdbc", "axon-server")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("There is no rival 'axon-server' on the class path, but [axon-jdbc, ");
    }

    /** Doesn't want to know. */
    private static final class Quiet implements Bench.Listener {
        @Override
        public void began(Map<String, String> facts) {}

        @Override
        public void progress(String what) {}

        @Override
        public void measured(List<Result> results, Report soFar) {}
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address().url());
        config.setMaximumPoolSize(3);
        return new HikariDataSource(config);
    }

    private static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            String only = rows.getString(1);
            assertThat(rows.next()).as("more than one").isFalse();
            return only;
        }
    }
}
