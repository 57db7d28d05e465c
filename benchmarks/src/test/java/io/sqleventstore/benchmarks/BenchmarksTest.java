package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.sql.Dialects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it runs; what it measures here means nothing. */
class BenchmarksTest {
    private static final String FIGURE = "\\d+(\\.\\d+)? \\(\\d+(\\.\\d+)?–\\d+(\\.\\d+)?\\)";

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    private int run(Path file) {
        return Benchmarks.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(progress, true, StandardCharsets.UTF_8),
                ("--url jdbc:sqlite:" + file + " --connections 1 --seconds 0.2 --rounds 1").split(" ", -1));
    }

    @Test
    void every_measurement_gives_figures_and_leaves_nothing_behind() throws IOException {
        int exit = run(temp.resolve("new.db"));

        assertThat(exit).as(progress.toString(StandardCharsets.UTF_8)).isZero();
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines).contains("- `PRAGMA synchronous`: 2");
        assertThat(lines)
                .filteredOn(line -> line.matches("\\| 1( \\| " + FIGURE + "){5} \\|"))
                .hasSize(1);
        assertThat(lines)
                .filteredOn(line -> line.matches("\\| 1 \\| (full speed|500/s) \\| 1?0 %( \\| " + FIGURE + "){6} \\|"))
                .hasSize(4);
        assertThat(lines)
                .filteredOn(line -> line.matches("\\| (driver|pool)( \\| " + FIGURE + "){3} \\|"))
                .hasSize(2);
        try (var left = Files.list(temp)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void every_dialect_has_a_floor() {
        assertThat(Dialects.all()).extracting(Server::of).doesNotContainNull().hasSameSizeAs(Server.values());
    }

    @Test
    void a_file_that_exists_is_not_touched() throws IOException {
        Path file = Files.writeString(temp.resolve("precious.db"), "precious");

        assertThat(run(file)).isEqualTo(1);
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("precious.db exists");
        assertThat(file).hasContent("precious");
    }
}
