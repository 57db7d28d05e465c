package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** With a store that is no rival at all. */
class RivalTest {
    @TempDir
    private Path temp;

    private Address address() {
        return new Address("jdbc:sqlite:" + temp.resolve("new.db"), null, null);
    }

    /** A store of one table; of a batch it loses some. */
    private record Shop(int lost, AtomicReference<Site> site) implements Rival, Rival.Session, Rival.Worker {
        Shop(int lost) {
            this(lost, new AtomicReference<>());
        }

        @Override
        public Subject subject() {
            return new Subject("shop", "Shop", "shop");
        }

        @Override
        public Session open(Site site) throws SQLException {
            this.site.set(site);
            execute("CREATE TABLE shop (k TEXT, d TEXT)");
            return this;
        }

        @Override
        public Worker worker() {
            return this;
        }

        @Override
        public int append(String key, List<String> documents) throws SQLException {
            for (String document : documents.subList(0, documents.size() - lost)) {
                execute("INSERT INTO shop VALUES ('" + key + "', '" + document + "')");
            }
            return 1;
        }

        @Override
        public long replay(String key) throws SQLException {
            return execute("SELECT count(*) FROM shop WHERE k = '" + key + "'");
        }

        @Override
        public long replayAll() throws SQLException {
            return execute("SELECT count(*) FROM shop");
        }

        private long execute(String sql) throws SQLException {
            try (Connection connection = site.get().pool().getConnection();
                    Statement statement = connection.createStatement()) {
                if (!statement.execute(sql)) {
                    return 0;
                }
                try (ResultSet row = statement.getResultSet()) {
                    return row.getLong(1);
                }
            }
        }

        @Override
        public void close() {
            site.set(null);
        }
    }

    @Test
    void there_are_no_rivals_where_they_would_have_nothing_to_work_with() {
        List<Rival> rivals = List.of(new Shop(0));
        Settings large = new Settings(List.of("batch-10"), List.of(2), 0.02, 1, 0, 200, 200, 0, 1, true, 7);
        Settings alone = new Settings(List.of("batch-10"), List.of(2), 0.02, 1, 0, 200, 200, 0, 0, false, 7);

        assertThatThrownBy(() -> new Bench(address(), large, rivals, new BenchTest.Heard()))
                .isInstanceOf(Refusal.class)
                .hasMessage("--ledger-events fills no rival's tables; leave out --rival.");
        assertThatThrownBy(() -> new Bench(address(), alone, rivals, new BenchTest.Heard()))
                .isInstanceOf(Refusal.class)
                .hasMessage("--library-only leaves out everybody else; leave out --rival.");
    }

    @Test
    void a_rival_is_measured_like_the_others_but_not_its_tail() throws Exception {
        Shop shop = new Shop(0);
        Settings settings = new Settings(
                List.of("batch-10", "replay-entity", "tail-paced"), List.of(2), 0.02, 1, 0, 200, 200, 0, 0, true, 7);
        Report report = new Bench(address(), settings, List.of(shop), new BenchTest.Heard()).run();
        Path page = ReportFiles.write(report, temp.resolve("report"));

        assertThat(report.results())
                .extracting(result -> result.workload() + " " + result.subject().label())
                .hasSize(11)
                .contains("batch-10 shop", "replay-entity shop");
        Result batch = report.results().get(3);
        assertThat(batch.refused()).isPositive();
        assertThat(batch.library() * batch.eventsPerSecond().median())
                .isCloseTo(report.results().get(0).eventsPerSecond().median(), within(0.01));
        assertThat(JsonMapper.shared()
                        .readTree(temp.resolve("report/results.json"))
                        .get(3)
                        .get("subject")
                        .asString())
                .isEqualTo("shop");
        assertThat(Jsoup.parse(Files.readString(page)).select("td:containsOwn(Shop)"))
                .hasSize(2);
        assertThat(shop.site().get()).as("still open").isNull();
    }

    @Test
    void an_event_that_a_rival_loses_fails_the_run() {
        Settings settings = new Settings(List.of("batch-10"), List.of(2), 0.02, 1, 0, 200, 200, 0, 0, true, 7);

        assertThatThrownBy(() -> new Bench(address(), settings, List.of(new Shop(1)), new BenchTest.Heard()).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("counted in shop (shop)");
    }
}
