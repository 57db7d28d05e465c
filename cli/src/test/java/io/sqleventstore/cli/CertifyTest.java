package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code certify}, with parts of the suite; the whole of it runs in the build of each adapter. */
class CertifyTest {
    @TempDir
    Path temp;

    private Path database() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("databases"));
        return Files.writeString(folder.resolve("precious.db"), "not ours to touch");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aPartOfTheSuiteIsRunAndReportedAndCertifiesNothing() throws Exception {
        Path database = database();
        Path report = temp.resolve("report");
        Run run =
                Run.of("certify", "--url", "jdbc:sqlite:" + database, "--only", "IMM-1", "--report", report.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.err()).contains("1/5").contains("5/5").contains("IMM_1_truncate_is_refused");
        assertThat(run.out())
                .contains("SqliteDialect")
                .containsPattern("IMM +passed +1 clauses +5 tests")
                .containsPattern("ORD +not run ")
                .containsPattern("\nNOT CERTIFIED .*not tested: REG-1 ");
        assertThat(report.resolve("sqlite.html")).content().containsIgnoringCase("not certified");
        assertThat(report.resolve("sqlite.json")).content().contains("\"certified\" : false");
        assertThat(report.resolve("sqlite.md")).exists();
        assertThat(files(database.getParent())).containsExactly(database);
        assertThat(database).hasContent("not ours to touch");
    }

    @Test
    void anInterruptedRunLeavesNothing() throws Exception {
        Path database = database();
        Path output = temp.resolve("output");
        Process process = Run.start(
                output,
                "certify",
                "--url",
                "jdbc:sqlite:" + database,
                "--only",
                "TAIL-1",
                "--report",
                temp.resolve("report").toString());
        try {
            while (!Run.read(output).contains("1/")) {
                assertThat(process.isAlive()).as(Run.read(output)).isTrue();
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(files(database.getParent())).hasSizeGreaterThan(1);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Run.read(output)).contains("interrupted; removing what the suite has made");
        assertThat(files(database.getParent())).containsExactly(database);
        assertThat(temp.resolve("report")).isEmptyDirectory();
    }

    @Test
    void aFailureIsNamed() throws Exception {
        Path database = database();
        Run run = Run.of(
                "certify", "--url", "jdbc:sqlite:" + database, "--only", "IMM", "--fixture", Boastful.class.getName());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.out())
                .containsPattern("IMM +FAILED ")
                .containsPattern("failed IMM_1_truncate_is_refused\\w+\n +\\S+")
                .contains("\nNOT CERTIFIED");
        assertThat(files(database.getParent())).containsExactly(database);
    }

    /** Says of SQLite that it has a TRUNCATE. */
    public static final class Boastful extends io.sqleventstore.sqlite.SqliteFixture {
        @Override
        protected boolean truncates() {
            return true;
        }
    }

    @Test
    void aFixtureForAnotherDialectIsRefused() {
        Run run = Run.of(
                "certify",
                "--url",
                "jdbc:sqlite:x.db",
                "--dialect",
                "io.sqleventstore.postgres.PostgresDialect",
                "--fixture",
                Boastful.class.getName());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains(
                        "is for io.sqleventstore.sqlite.SqliteDialect, not for io.sqleventstore.postgres.PostgresDialect");
    }

    @Test
    void aFolderThatCanNotBeMadeIsSaidBeforeTheRun() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "in the way");
        Run run =
                Run.of("certify", "--url", "jdbc:sqlite:" + database(), "--only", "IMM-1", "--report", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("can't be created").doesNotContain("1/5");
        assertThat(run.out()).doesNotContain("Certificate in");
        assertThat(file).hasContent("in the way");
    }

    @Test
    void whatCannotBeginIsSaid() {
        Run noUrl = Run.of("certify");
        Run noClass = Run.of("certify", "--url", "jdbc:sqlite:x.db", "--dialect", "com.example.Nothing");
        Run noDialect = Run.of("certify", "--url", "jdbc:sqlite:x.db", "--dialect", "java.lang.String");
        Run noServer = Run.of("certify", "--url", "jdbc:postgresql://127.0.0.1:1/nowhere");
        Run password = Run.of("certify", "--url", "jdbc:postgresql://127.0.0.1:1/nowhere?password=secret");

        assertThat(noUrl.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noClass.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noClass.err()).contains("There is no class com.example.Nothing on the class path that is a Dialect");
        assertThat(noDialect.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noServer.exitCode()).isEqualTo(ExitCode.DATABASE);
        assertThat(noServer.err()).contains("No connection to ");
        assertThat(password.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(password.err()).contains("can be read by others").doesNotContain("secret");
        assertThat(Path.of("x.db")).doesNotExist();
    }
}
