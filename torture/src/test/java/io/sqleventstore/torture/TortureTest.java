package io.sqleventstore.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.sqlite.SqliteFixture;
import java.nio.file.Path;
import java.time.Duration;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TortureTest {
    @TempDir
    Path folder;

    @Test
    void a_short_run_on_sqlite_holds_and_is_reported() throws Exception {
        Report report = new Torture(new SqliteFixture(), "jdbc:sqlite:" + folder.resolve("x.db"))
                .lasting(Duration.ofSeconds(5))
                .seed(1)
                .run();
        assertThat(report.violations()).isEmpty();
        assertThat(report.holds()).isTrue();
        assertThat(report.faults().get("client kill -9")).isPositive();
        assertThat(report.events()).isPositive();
        assertThat(report.deliveries()).isEqualTo(3 * report.events());
        assertThat(report.outcomes().get("stored")).isPositive();
        assertThat(folder).as("what it made it has removed").isEmptyDirectory();

        Path page = ReportFiles.write(report, folder.resolve("report"));
        Document html = Jsoup.parse(page.toFile());
        assertThat(html.selectFirst(".verdict").text()).isEqualTo("Nothing was lost, doubled, skipped or reordered");
        assertThat(html.select("svg .bar")).hasSameSizeAs(report.seconds());
        JsonNode json = JsonMapper.shared().readTree(folder.resolve("report/torture-sqlite.json"));
        assertThat(json.get("events").asLong()).isEqualTo(report.events());
        assertThat(json.get("seed").asLong()).isEqualTo(1);
    }
}
