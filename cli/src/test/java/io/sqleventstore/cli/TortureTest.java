package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    void aRunThatIsToldToEndRemovesWhatItHasMadeAndSaysSo() throws Exception {
        Path databases = Files.createDirectories(temp.resolve("databases"));
        endAtWork(
                "jdbc:sqlite:" + databases.resolve("x.db"),
                () -> assertThat(databases).isNotEmptyDirectory());
        assertThat(databases).isEmptyDirectory();
    }

    @Test
    void aRunThatIsToldToEndLeavesNoSchemaAndNoUserOnAServer() throws Exception {
        try (TestPostgres postgres = new TestPostgres(temp)) {
            String database = postgres.schema(); // others may be at work on the server
            Run.sql(postgres.jdbcUrl(), "CREATE DATABASE " + database);
            String url = postgres.jdbcUrl().replaceFirst("(//[^/]+/)[^?]*", "$1" + database);
            List<String> users = new ArrayList<>();
            endAtWork(url, () -> {
                assertThat(names(url, SCHEMAS)).hasSize(1);
                users.addAll(names(url, USERS));
                assertThat(users).hasSizeGreaterThanOrEqualTo(3);
            });
            assertThat(names(url, SCHEMAS)).isEmpty();
            assertThat(names(url, "SELECT rolname FROM pg_roles")).doesNotContainAnyElementsOf(users);
            Run.sql(postgres.jdbcUrl(), "DROP DATABASE " + database);
        }
    }

    private static final String SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'es\\_%'";

    /** Who has rights to something in this database. */
    private static final String USERS = """
            SELECT DISTINCT r.rolname FROM pg_shdepend d
            JOIN pg_roles r ON r.oid = d.refobjid AND d.refclassid = 'pg_authid'::regclass
            JOIN pg_database b ON b.oid = d.dbid AND b.datname = current_database()
            WHERE r.rolname LIKE 'es\\_%'""";

    private static List<String> names(String url, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private interface Look {
        void now() throws Exception;
    }

    /** Runs until every client notes what it does, looks at what is there then, and ends the run by SIGTERM. */
    private void endAtWork(String url, Look look) throws Exception {
        Path folder = Files.createDirectories(temp.resolve("notes"));
        Path output = temp.resolve("output");
        ProcessBuilder builder = Run.process(output, "torture");
        builder.command().add(1, "-Djava.io.tmpdir=" + folder);
        builder.environment().put(Login.URL_VARIABLE, url);
        Process process = builder.start();
        try {
            while (clientsAtWork(folder) < 3) {
                assertThat(process.isAlive()).as(Run.read(output)).isTrue();
                TimeUnit.MILLISECONDS.sleep(50);
            }
            look.now();
            addManyNotes(folder);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Run.read(output))
                .contains("interrupted; removing what the run has made")
                .doesNotContain("did not end", "left behind");
        assertThat(folder).isDirectoryNotContaining("glob:**/eventstore-torture*");
    }

    private static long clientsAtWork(Path folder) throws IOException {
        try (Stream<Path> notes = Files.find(
                folder,
                2,
                (file, its) -> its.size() > 0 && file.getFileName().toString().matches("client-\\d-0\\.jsonl"))) {
            return notes.count();
        }
    }

    /** So that to remove them takes longer than the process goes on if it doesn't wait for that. */
    private static void addManyNotes(Path folder) throws IOException {
        try (Stream<Path> runs = Files.list(folder)) {
            Path run = runs.filter(each -> each.getFileName().toString().startsWith("eventstore-torture"))
                    .findFirst()
                    .orElseThrow();
            for (int i = 0; i < 10_000; i++) {
                Files.createFile(run.resolve("more-" + i));
            }
        }
    }

    @Test
    void whatCannotBeginIsSaid() {
        Run noUrl = Run.of("torture");
        Run noTime = Run.of("torture", "--url", "jdbc:sqlite:x.db", "--minutes", "0");
        Run noServer = Run.of("torture", "--url", "jdbc:postgresql://127.0.0.1:1/nowhere");
        Run password = Run.of("torture", "--url", "jdbc:postgresql://127.0.0.1:1/nowhere?password=secret");

        assertThat(noUrl.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noTime.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noTime.err()).contains("--minutes");
        assertThat(noServer.exitCode()).isEqualTo(ExitCode.DATABASE);
        assertThat(noServer.err()).contains("No connection to ");
        assertThat(password.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(password.err()).contains("can be read by others").doesNotContain("secret");
    }
}
