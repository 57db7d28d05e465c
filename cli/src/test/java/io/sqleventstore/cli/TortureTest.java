package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TortureTest {
    @TempDir
    Path temp;

    @Test
    void aShortRunHoldsAndLeavesNothingButItsReport() {
        Path report = temp.resolve("report");
        Run run = Run.of(
                "torture",
                "--url",
                "jdbc:sqlite:" + temp.resolve("x.db"),
                "--minutes",
                "0.03",
                "--seed",
                "7",
                "--report",
                report.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("Seed       7", "HOLDS: nothing lost", "client kill -9");
        assertThat(report).isDirectoryContaining("glob:**/torture-sqlite.{html,json}");
        assertThat(temp).isDirectoryNotContaining("glob:**/es_*").isDirectoryNotContaining("glob:**/x.db");
    }

    @Test
    void whatCannotBeginIsSaid() {
        Run noUrl = Run.of("torture");
        Run noTime = Run.of("torture", "--url", "jdbc:sqlite:x.db", "--minutes", "0");
        Run noServer = Run.of("torture", "--url", "jdbc:postgresql://127.0.0.1:1/nowhere?password=secret");

        assertThat(noUrl.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noTime.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noTime.err()).contains("--minutes");
        assertThat(noServer.exitCode()).isEqualTo(ExitCode.DATABASE);
        assertThat(noServer.err()).contains("No connection to ").doesNotContain("secret");
    }
}
