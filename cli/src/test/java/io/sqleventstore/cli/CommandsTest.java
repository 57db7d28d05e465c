package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    private static final Entity GAME = Entity.of("game", "apr-7");

    @TempDir
    private Path temp;

    private String url = "";

    @BeforeEach
    void prepare() {
        url = "jdbc:sqlite:" + temp.resolve("events.db");
    }

    /** Five events of one entity and one of another. */
    private void fill() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            SqlSchema.of(pool).install();
            SqlEventStore store = SqlEventStore.open(pool);
            store.register(EntityType.of("game", "started", "played"), EntityType.of("player", "joined"));
            Head head = store.append(Head.beforeFirst(GAME)
                            .append(NewEvent.of("started", "{\r\n  \"n\": 2.0,\n \"ü\": \"\\n😀\"}"))
                            .withKey("k1"))
                    .head();
            NewEvent played = NewEvent.of("played", "{\"n\":1}").withMetadata("{\"by\": \"x\"}");
            store.append(head.append(played, played, played).withKey("k2"));
            store.append(Head.beforeFirst(Entity.of("player", "p"))
                    .append(NewEvent.of("joined", "{}"))
                    .withKey("k3"));
        }
    }

    private Run replay(String... more) {
        List<String> arguments = new ArrayList<>(List.of("replay", "--url", url));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private List<Object> positions(String... more) {
        return Json.lines(replay(more).out()).stream()
                .map(event -> event.get("position"))
                .toList();
    }

    @Test
    void theSchemaIsPrintedInstalledAndJudged() {
        Run printed = Run.of("schema", "print", "--dialect", "sqlite", "--prefix", "my_");
        assertThat(printed.exitCode()).isZero();
        assertThat(printed.out()).contains("CREATE TABLE my_event_ledger");
        assertThat(Run.of("schema", "print", "--dialect", "postgres", "--schema", "app")
                        .out())
                .contains("app.event_ledger");
        Run unknown = Run.of("schema", "print", "--dialect", "nosuch");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("postgres, sqlite");
        assertThat(Run.of("schema", "print", "--dialect", "sqlite", "--prefix", "x;y")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);

        Run.sql(url, "CREATE TABLE other (x)");
        Run missing = Run.of("schema", "status", "--url", url);
        assertThat(missing.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(missing.out()).startsWith("missing: ");
        Run notInstalled = Run.of("verify", "--url", url);
        assertThat(notInstalled.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(notInstalled.err()).contains("eventstore schema install");
        assertThat(Run.of("schema", "install", "--url", url).out()).isEqualTo("The tables are installed, version 2.\n");
        assertThat(Run.of("schema", "install", "--url", url).out())
                .isEqualTo("The tables were there already, version 2.\n");
        Run current = Run.of("schema", "status", "--url", url);
        assertThat(current.exitCode()).isZero();
        assertThat(current.out()).isEqualTo("current: the tables have version 2.\n");
        assertThat(Run.of("schema", "status", "--url", url, "--prefix", "b_").exitCode())
                .isEqualTo(ExitCode.FOUND_WRONG);
    }

    @Test
    void replayWritesEachEventAsItIs() {
        fill();
        Run run = replay();
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).hasLineCount(5).endsWith("}\n").contains("\"data\":{    \"n\": 2.0,  \"ü\": \"\\n😀\"}");
        List<Map<String, Object>> events = Json.lines(run.out());
        assertThat(events.get(0))
                .contains(
                        entry("position", "1"),
                        entry("entity", "game"),
                        entry("key", "apr-7"),
                        entry("revision", "1"),
                        entry("event", "started"),
                        entry("appendKey", "k1"),
                        entry("appendIndex", "0"),
                        entry("data", Map.of("n", "2.0", "ü", "\n😀")),
                        entry("previousId", "null"),
                        entry("metadata", "null"))
                .containsKey("recordedAt");
        assertThat(events.get(1)).containsEntry("previousId", events.get(0).get("id"));
    }

    @Test
    void replaySelects() {
        fill();
        assertThat(positions()).containsExactly("1", "2", "3", "4", "5");
        assertThat(positions("--backwards", "--limit", "2")).containsExactly("5", "4");
        assertThat(positions("--from", "2", "--to", "3")).containsExactly("2", "3");
        assertThat(positions("--entity", "player")).containsExactly("5");
        assertThat(positions("--entity", "game", "--key", "apr-7", "--key", "other", "--event", "started"))
                .containsExactly("1");
        assertThat(replay("--limit", "0").out()).isEmpty();
        assertThat(List.of(
                        replay("--key", "x"),
                        replay("--from", "0"),
                        replay("--limit", "-1"),
                        replay("--entity", "~x"),
                        replay("--from", "x")))
                .extracting(Run::exitCode)
                .containsOnly(ExitCode.USAGE);
    }

    @Test
    void aReaderThatWentAwayIsNoErrorAFullDiskIs() {
        fill();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int gone = Main.run(new Output(new Broken("Broken pipe"), err, false), "replay", "--url", url);
        assertThat(gone).isZero();
        assertThat(err.size()).isZero();
        int full = Main.run(new Output(new Broken("No space left on device"), err, false), "replay", "--url", url);
        assertThat(full).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8)).contains("No space left on device");
    }

    @Test
    void verifyFindsADamagedLedger() {
        fill();
        Run clean = Run.of("verify", "--url", url);
        assertThat(clean.exitCode()).isZero();
        assertThat(clean.out())
                .contains("ok       ORD-1 ")
                .contains("ok       IMM-1")
                .contains("clean: 5 events of 2 entities, last position 5");

        Run.sql(
                url,
                "DROP TRIGGER event_ledger_no_update",
                "DROP TRIGGER event_ledger_no_delete",
                "DELETE FROM event_ledger WHERE position = 3");

        Run damaged = Run.of("verify", "--url", url);
        assertThat(damaged.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(damaged.out())
                .contains("VIOLATED ORD-1 ORD-2")
                .contains("position 4: the revision is not the one before plus 1")
                .contains("VIOLATED IMM-1")
                .contains("NOT CLEAN: 4 events");
    }

    @Test
    void whatCanNotBeDoneIsSaidInALine() throws IOException {
        Run noUrl = Run.of("verify");
        assertThat(noUrl.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noUrl.err()).contains("--url jdbc:");
        Run noDriver = Run.of("verify", "--url", "jdbc:nosuch://x?password=secret");
        assertThat(noDriver.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noDriver.err()).doesNotContain("secret");
        Run notInTheJar = Run.of("verify", "--url", "jdbc:oracle:thin:@//localhost:1/x", "--user", "me");
        assertThat(notInTheJar.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(notInTheJar.err()).hasLineCount(1).contains("oracle, ").contains("EVENTSTORE_CLASSPATH");
        Run noFile = Run.of("replay", "--url", url);
        assertThat(noFile.exitCode()).as(noFile.err()).isEqualTo(ExitCode.DATABASE);
        assertThat(noFile.err()).hasLineCount(1);
        assertThat(temp.resolve("events.db")).doesNotExist();
        Run noServer = Run.of("verify", "--url", "jdbc:postgresql://localhost:1/x", "--user", "me");
        assertThat(noServer.exitCode()).isEqualTo(ExitCode.DATABASE);
        assertThat(noServer.err())
                .contains("No connection to jdbc:postgresql://localhost:1/x")
                .doesNotContain("\tat ");
        assertThat(Run.of("verify", "--debug", "--url", "jdbc:postgresql://localhost:1/x")
                        .err())
                .contains("\tat ");
        Path noDatabase = Files.writeString(
                temp.resolve("text"), "this is no database, but long enough to be looked at\n".repeat(50));
        assertThat(Run.of("verify", "--url", "jdbc:sqlite:" + noDatabase).exitCode())
                .isEqualTo(ExitCode.DATABASE);
        Run noPassword = Run.of(
                "verify",
                "--url",
                url,
                "--user",
                "me",
                "--password-file",
                temp.resolve("none").toString());
        assertThat(noPassword.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aNameThatIsNoneIsSaidByItsLine() throws IOException {
        String names = "{\"entity\":\"game\",\"event\":\"started\"}\n{\"entity\":\"~a\",\"event\":\"b\"}\n";
        Path file = Files.writeString(temp.resolve("names.jsonl"), names);
        Run registered = Run.of("register", "--url", url, "--from", file.toString());
        assertThat(registered.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(registered.err()).contains("names.jsonl: line 2: The entity name begins with '~'");
        Files.writeString(file, "{\"ledger\":\"sql-event-store\",\"version\":1}\n" + names);
        Run imported = Run.of("import", "--url", url, "--from", file.toString());
        assertThat(imported.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(imported.err())
                .contains(
                        "The exported ledger is damaged, line 3: The entity name begins with '~'",
                        "Nothing was stored");
    }

    @Test
    void helpNamesTheExitCodes() {
        for (String command :
                List.of("demo", "schema", "register", "append", "replay", "tail", "verify", "export", "import")) {
            Run help = Run.of(command, "--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.out())
                    .contains("Usage: eventstore " + command)
                    .contains("Exit codes:")
                    .contains("  4   no git");
        }
        assertThat(Run.of().exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Run.of("nosuch").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Run.of("--version").out()).startsWith("SQL Event Store");
    }

    @Test
    void theTimeoutIsTheStoresUnlessItIsSaid() {
        fill();
        assertThat(timeout()).isEqualTo(StoreOptions.defaults().timeout());
        assertThat(timeout("--timeout", "300")).isEqualTo(Duration.ofMinutes(5));
        assertThat(positions("--timeout", String.valueOf(Long.MAX_VALUE))).hasSize(5);
        for (String none : List.of("0", "-1", "1.5", "x", "9223372036854775808")) {
            Run run = replay("--timeout", none);
            assertThat(run.exitCode()).as(none).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("--timeout");
        }
        assertThat(Run.of("generate-completion").out()).contains("--timeout");
    }

    /** That of the store which a command with these options works on. */
    private Duration timeout(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--url", url));
        arguments.addAll(List.of(more));
        Database database = new Database();
        new CommandLine(database).parseArgs(arguments.toArray(String[]::new));
        try (OpenDatabase open = database.open()) {
            return open.options().timeout();
        }
    }

    /** A stream that can't be written to. */
    private static final class Broken extends OutputStream {
        private final String why;

        Broken(String why) {
            this.why = why;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(why);
        }
    }
}
