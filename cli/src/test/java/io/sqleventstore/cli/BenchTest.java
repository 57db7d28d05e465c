package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    @TempDir
    private Path temp;

    private Run bench(String options) {
        return Run.of(("bench --url jdbc:sqlite:" + temp.resolve("x.db") + " " + options).split(" ", -1));
    }

    @Test
    void aShortRunPrintsATableAndLeavesNothingButItsReport() {
        Path report = temp.resolve("report");
        Run run = bench("--workload one-writer,hot-entity --threads 2 --seconds 0.02 --rounds 1 --report " + report);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains(
                        "- `PRAGMA synchronous`: 2",
                        "| one-writer | 1 | 1 | library | ",
                        "| hot-entity | 2 | 1 | floorB | ");
        assertThat(report).isDirectoryContaining("glob:**/bench.html").isDirectoryContaining("glob:**/results.json");
        assertThat(temp).isDirectoryNotContaining("glob:**/x.db*");
    }

    @Test
    void programsGetALineForEachResult() {
        Run run = bench("--json --workload batch-10 --seconds 0.02 --rounds 1");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).hasLineCount(3).contains("{\"workload\":\"batch-10\",\"subject\":\"floorA\"");
    }

    @Test
    void aFilledLedgerIsWeighedToo() {
        String options = "--workload any-entity --threads 2 --seconds 0.02 --rounds 1 --ledger-events 2000";
        Path report = temp.resolve("report");
        Run table = bench(options + " --report " + report);
        Run json = bench("--json " + options);

        assertThat(table.exitCode()).as(table.err()).isEqualTo(ExitCode.OK);
        assertThat(table.err()).contains("hand_event_ledger has 2,000 of 2,000 events");
        assertThat(table.out()).contains("| library | `event_ledger` | 2,000 | ");
        assertThat(report.resolve("sizes.json")).content().contains("\"part\":\"event_ledger\"");
        assertThat(report.resolve("bench.html")).content().contains("<h2>On the disk");
        assertThat(json.out())
                .hasLineCount(3 + 4 + 4 + 3)
                .contains("\"subject\":\"floorB\",\"part\":\"append_key, append_index\",");
    }

    @Test
    void theLibraryAloneHasNoRatios() {
        Run run = bench("--library-only --workload batch-10 --seconds 0.02 --rounds 1");
        Run json = bench("--json --library-only --workload batch-10 --seconds 0.02 --rounds 1");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).containsPattern("\\| batch-10 \\| 1 \\| 10 \\| library \\|.* \\|  \\|  \\| 1\\.00 \\|");
        assertThat(json.out()).hasLineCount(1).contains("\"floorA\":null");
    }

    @Test
    void aRunThatIsInterruptedRemovesWhatItHasMade() throws Exception {
        Path output = temp.resolve("output");
        String url = "jdbc:sqlite:" + temp.resolve("x.db");
        Process process = Run.start(
                output, "bench", "--url", url, "--workload", "own-entities", "--threads", "4", "--seconds", "60");
        try {
            while (!Run.read(output).contains("warming up, pass 1")) {
                assertThat(process.isAlive()).as(Run.read(output)).isTrue();
                TimeUnit.MILLISECONDS.sleep(50);
            }
            TimeUnit.MILLISECONDS.sleep(300); // by now it appends
            assertThat(temp.resolve("x.db")).exists();
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Run.read(output))
                .contains("interrupted; removing what the run has made")
                .doesNotContain("not foreseen");
        assertThat(temp).isDirectoryNotContaining("glob:**/x.db*");
    }

    @Test
    void whatCannotBeMeasuredIsSaid() throws IOException {
        assertRefused(bench("--seconds 0"), "--seconds has to be more than 0.");
        assertRefused(bench("--threads 4,0"), "--threads has to be 1 to 1000.");
        assertRefused(bench("--rounds 0"), "--rounds has to be 1 or more.");
        assertRefused(bench("--appends-per-commit 65"), "--appends-per-commit has to be 0 to 64.");
        assertRefused(bench("--ledger-events -1"), "--ledger-events has to be 0 or more.");
        assertRefused(bench("--workload all"), "There is no workload 'all'; there are one-writer, ");
        assertRefused(bench("--rival x"), "There is no rival 'x' on the class path, but []");
        assertRefused(Run.of("bench"), "Which database?");

        Path file = Files.writeString(temp.resolve("x.db"), "precious");
        assertRefused(bench("--rounds 1"), "x.db exists");
        assertThat(file).hasContent("precious");
    }

    private static void assertRefused(Run run, String why) {
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(why);
    }
}
