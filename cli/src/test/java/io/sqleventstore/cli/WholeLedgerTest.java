package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger's way: appended from JSON Lines, exported, imported into another kind of database, each by a process with a heap of 64 MiB, and
 * each killed in the middle and repeated. {@code -Dledger.events=1000000} makes it as long as it was once tried.
 */
class WholeLedgerTest {
    private static final int EVENTS = Integer.getInteger("ledger.events", 4_000);
    private static final int EVENTS_PER_ENTITY = 100;
    private static final int EVENTS_PER_LONG_APPEND = 7;
    private static final long LONGEST_MINUTES = 60;

    @TempDir
    private Path temp;

    /** Where a ledger is: the options for the command, and a query past the library. */
    private record Place(List<String> options, String jdbcUrl, String table) {
        long positions() {
            try (var connection = DriverManager.getConnection(jdbcUrl);
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                row.next();
                return row.getLong(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Place sqlite() {
        String url = "jdbc:sqlite:" + temp.resolve("events.db");
        return new Place(List.of("--url", url), url, "event_ledger");
    }

    private static Place postgres(TestPostgres postgres) {
        return new Place(postgres.options(), postgres.jdbcUrl(), postgres.schema() + ".event_ledger");
    }

    @Test
    void goesFromLinesIntoSqliteAndOnToPostgres() throws Exception {
        try (TestPostgres postgres = new TestPostgres(temp)) {
            goes(sqlite(), postgres(postgres));
        }
    }

    @Test
    void goesFromLinesIntoPostgresAndOnToSqlite() throws Exception {
        try (TestPostgres postgres = new TestPostgres(temp)) {
            goes(postgres(postgres), sqlite());
        }
    }

    private void goes(Place first, Place second) throws Exception {
        Path lines = temp.resolve("events.jsonl");
        writeLines(lines);
        succeeds(first, "schema", "install");
        succeeds(first, "register", "game", "started", "played");

        killedInTheMiddle(first, lines, "append");
        long before = number(succeeds(first, "append", "--json", "--from", lines.toString()), "repeatedEvents");
        assertThat(before).isBetween(EVENTS / 4L, EVENTS / 2L);
        holdsEachLineOnce(first, lines);

        Path ledger = temp.resolve("ledger.jsonl");
        succeeds(first, "export", "--output", ledger.toString());
        succeeds(second, "schema", "install");
        killedInTheMiddle(second, ledger, "import");
        succeeds(second, "import", "--from", ledger.toString());
        assertThat(succeeds(second, "verify", "--against", ledger.toString())).contains("\nequal: ", "\nclean: ");

        Path secondLedger = temp.resolve("second.jsonl");
        succeeds(second, "export", "--output", secondLedger.toString());
        assertThat(Files.mismatch(ledger, secondLedger)).isEqualTo(-1);
        long positions = second.positions();
        assertThat(positions).isEqualTo(first.positions()).isGreaterThanOrEqualTo(EVENTS);
        String next = succeeds(
                second, "append", "--json", "--entity", "game", "--key", "new", "--event", "started", "--data", "[]");
        assertThat(number(next, "position")).isEqualTo(positions + 1);
    }

    private static long number(String json, String name) {
        return Long.parseLong((String) Json.lines(json).get(0).get(name));
    }

    private static void writeLines(Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < EVENTS; i++) {
                int entity = i / EVENTS_PER_ENTITY * 2 + i % 2; // two at a time, one after the other
                boolean first = i % EVENTS_PER_ENTITY < 2;
                int inBlock = i % 1_000;
                int append = inBlock < 70 * EVENTS_PER_LONG_APPEND ? i - inBlock % EVENTS_PER_LONG_APPEND : i;
                writer.write(
                        "{\"entity\":\"game\",\"key\":\"g-%d\",\"event\":\"%s\",\"data\":%s,\"appendKey\":\"a-%d\"}\n"
                                .formatted(entity, first ? "started" : "played", data(i), append));
            }
        }
    }

    private static String data(int i) {
        return "{\"n\": %d.0,  \"text\":\"ü😀 \\u00fc \\n %s\"}".formatted(i, "x".repeat(i % 200));
    }

    /** Feeds it the first half of the file, and kills it when a quarter is stored: it waits for more, or is at work. */
    private void killedInTheMiddle(Place place, Path file, String command) throws Exception {
        Process process = start(place, temp.resolve("killed.txt"), command, "--from", "-");
        try (OutputStream in = process.getOutputStream();
                BufferedReader half = Files.newBufferedReader(file)) {
            for (int i = 0; i < EVENTS / 2; i++) {
                in.write((half.readLine() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            in.flush();
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LONGEST_MINUTES);
            while (place.positions() < EVENTS / 4 && System.nanoTime() < end && process.isAlive()) {
                Thread.sleep(5);
            }
            assertThat(process.isAlive())
                    .as(Run.read(temp.resolve("killed.txt")))
                    .isTrue();
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).isEqualTo(128 + 9);
        assertThat(place.positions()).isBetween(EVENTS / 4L, EVENTS / 2L + 100);
    }

    private String succeeds(Place place, String command, String... more) throws Exception {
        Path output = temp.resolve("output.txt");
        long started = System.nanoTime();
        Process process = start(place, output, command, more);
        process.getOutputStream().close();
        assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        String text = Run.read(output);
        assertThat(process.exitValue()).as(command + ": " + text).isZero();
        System.out.printf(
                "%s %s: %.1f s, %s%n",
                command,
                place.table(),
                (System.nanoTime() - started) / 1e9,
                text.lines().reduce((one, other) -> other).orElse(""));
        return text;
    }

    private static Process start(Place place, Path output, String command, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command));
        int options = command.equals("schema") ? 1 : 0;
        arguments.addAll(List.of(more).subList(0, options));
        arguments.addAll(place.options());
        arguments.addAll(List.of(more).subList(options, more.length));
        ProcessBuilder builder = Run.process(output, arguments.toArray(String[]::new));
        builder.command().replaceAll(word -> word.startsWith("-Xmx") ? "-Xmx64m" : word);
        return builder.start();
    }

    /** In the order of the lines (within an append sorted by entity), data to the byte. */
    private void holdsEachLineOnce(Place place, Path file) throws Exception {
        succeeds(place, "verify");
        Path replayed = temp.resolve("replayed.jsonl");
        Process replay = start(place, replayed, "replay");
        assertThat(replay.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        try (LineReader lines = LineReader.open(file.toString());
                LineReader events = LineReader.open(replayed.toString())) {
            IntentReader intents = new IntentReader(lines);
            int count = 0;
            for (Intent intent = intents.next(); intent != null; intent = intents.next()) {
                for (Intent.Step step : sorted(intent)) {
                    Members event = Members.of(events.next());
                    assertThat(event.text("entity") + "/" + event.text("key"))
                            .isEqualTo(step.entity().toString());
                    assertThat(event.text("event")).isEqualTo(step.event().name());
                    assertThat(event.text("appendKey")).isEqualTo(intent.key());
                    assertThat(event.document("data")).isEqualTo(step.event().data());
                    count++;
                }
            }
            assertThat(count).isEqualTo(EVENTS);
            assertThat(events.next()).isNull();
        }
    }

    private static List<Intent.Step> sorted(Intent intent) {
        return intent.events().stream()
                .sorted(Comparator.comparing(Intent.Step::entity))
                .toList();
    }
}
