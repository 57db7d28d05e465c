package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appending and moving ledgers by command, on SQLite and on a real PostgreSQL. */
class AppendAndMoveTest {
    @TempDir
    private Path temp;

    private List<String> place = List.of();

    /** A test on a ledger that is empty but for the names. */
    private interface Body {
        void run() throws Exception;
    }

    private void onBoth(Body body) throws Exception {
        place = List.of("--url", "jdbc:sqlite:" + temp.resolve("events.db"));
        prepared(body);
        try (TestPostgres postgres = new TestPostgres(temp)) {
            place = postgres.options();
            prepared(body);
        }
    }

    private void prepared(Body body) throws Exception {
        install();
        assertThat(on("register", "game", "started", "played", "--json").out())
                .isEqualTo("{\"events\":2,\"entities\":1}\n");
        body.run();
        assertThat(on("verify").exitCode()).isZero();
    }

    private void install() {
        List<String> arguments = new ArrayList<>(List.of("schema", "install"));
        arguments.addAll(place);
        Run run = Run.of(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private Run on(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(place);
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private Run append(String key, String data, String... more) {
        List<String> options =
                new ArrayList<>(List.of("--entity", "game", "--key", key, "--event", "played", "--data", data));
        options.addAll(List.of(more));
        return on("append", options.toArray(String[]::new));
    }

    private Run appendLines(String... lines) throws IOException {
        return on("append", "--from", file("lines.jsonl", lines).toString());
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(temp.resolve(name), String.join("\n", lines) + "\n");
    }

    private static String line(String key, String data, String appendKey, String... more) {
        return "{\"entity\":\"game\",\"key\":\"%s\",\"event\":\"played\",\"data\":%s,\"appendKey\":\"%s\"%s}"
                .formatted(key, data, appendKey, String.join("", more));
    }

    private List<Object> appendKeys() {
        return Json.lines(on("replay").out()).stream()
                .map(event -> event.get("appendKey"))
                .toList();
    }

    @Test
    void oneEventIsStoredOnceAndWhereItIsWanted() throws Exception {
        onBoth(() -> {
            assertThat(append("a", "{}", "--append-key", "k").out()).startsWith("stored: game/a revision 1, ");
            assertThat(append("a", "{}", "--append-key", "k").out()).startsWith("stored before: game/a revision 1, ");
            assertThat(append("a", "[ 1.0]", "--metadata", "{\"m\": 1}", "--revision", "2")
                            .exitCode())
                    .isZero();
            Run stale = append("a", "{}", "--revision", "2");
            assertThat(stale.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(stale.err()).contains("game/a is at revision 2");
            Run again = append("a", "{}", "--append-key", "k", "--revision", "1", "--json");
            assertThat(again.out()).startsWith("{\"repeated\":true,");
            Run other = append("a", "[]", "--append-key", "k", "--json");
            assertThat(other.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(Json.lines(other.err()).get(0)).containsEntry("error", "AppendKeyReused");
            assertThat(append("a", "1").exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(append("a", "{}", "--revision", "0").exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(on("replay").out()).hasLineCount(2).contains("\"data\":[ 1.0],\"metadata\":{\"m\": 1},");
        });
    }

    @Test
    void aWrongLineEndsTheFileAndNothingOfItsAppendIsStored() throws Exception {
        onBoth(() -> {
            String good = line("a", "{ \"n\":\t1.0 }", "k1");
            String text = line("b", "\"{\\\"t\\\" : 2.0}\"", "k2", ",\"metadata\":null");
            String half = line("c", "{}", "k3");
            Run wrong = appendLines(good, "", text, half, line("c", "{\"n\":}", "k3"));
            assertThat(wrong.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(wrong.err()).contains("line 5: it is no JSON", "The 2 events (2 appends) before it are stored");
            assertThat(appendKeys()).containsExactly("k1", "k2");

            Run mended =
                    appendLines(good, "", text, half, line("c", "[]", "k3"), line("a", "{}", "k4", ",\"revision\":2"));
            assertThat(mended.out()).startsWith("Appended   3 events (2 appends), 2 (2) were there already");
            assertThat(appendKeys()).containsExactly("k1", "k2", "k3", "k3", "k4");
            assertThat(on("replay").out()).contains("\"data\":{ \"n\":\t1.0 },", "\"data\":{\"t\" : 2.0},");
        });
    }

    @Test
    void aRefusedLineEndsTheFile() throws Exception {
        onBoth(() -> {
            append("a", "{}", "--append-key", "k1");
            Run reused = appendLines(line("b", "{}", "k2"), line("b", "[]", "k1"), line("b", "{}", "k5"));
            assertThat(reused.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(reused.err()).contains("line 2: Append key 'k1' was used for other content");
            Run stale = appendLines(line("b", "{}", "k3", ",\"revision\":7"));
            assertThat(stale.err()).contains("line 1: game/b is at revision 1");
            Run unregistered = appendLines(line("b", "{}", "k4").replace("played", "nosuch"));
            assertThat(unregistered.err()).contains("line 1: ", "'nosuch'");
            assertThat(appendKeys()).containsExactly("k1", "k2");
        });
    }

    @Test
    void everyWrongLineIsFoundWithoutADatabase() throws IOException {
        String good = line("a", "{}", "k");
        Path lines = file(
                "lines.jsonl",
                good,
                "[]",
                good + "x",
                line("a", "{}", "k", ",\"nosuch\":1"),
                line("a", "7", "k"),
                line("a", "\"7\"", "k"),
                line("~a", "{}", "k"),
                line("a", "{}", "k", ",\"id\":\"1\""),
                line("a", "{}", "k", ",\"key\":\"b\""),
                "{\"entity\":\"game\"}",
                line("a", "{}", "k", ",\"revision\":" + Long.MIN_VALUE));
        Run run = Run.of("append", "--check", "--from", lines.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.out()).contains("10 lines are wrong");
        assertThat(run.err().lines().map(each -> each.replaceAll("^eventstore: line (\\d+): .+", "$1")))
                .containsExactly("2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
    }

    @Test
    void whatAParserWouldLetPassIsRefusedByItsLine() throws IOException {
        // the last eight bits of U+0165 are those of an e, of U+0430 those of a zero
        Path lines = file(
                "lines.jsonl",
                line("a", "{}", "k", ",\"id\":\"1-1-1-1-1\""),
                line("a", "{}", "k", ",\"id\":\"000000001-000-0000-0000-000000000001\""),
                line("a", "{}", "k", ",\"metadata\":null,\"metadata\":{}"),
                line("a", "{}", "k", ",\"metadata\":{},\"metadata\":null"),
                line("a", "{}", "k", ",\"revision\":null,\"revision\":null"),
                line("\\u00\u0165\u0165", "{}", "k"),
                line("a", "{}", "\\\\\\u006\u0165"),
                line("a", "{}", "k", ",\"m\\u0\u043065tadata\":{}"),
                line("\\\\u\u0165", "{}", "\\u00e9\u0165", ",\"id\":\"0192F0C1-2345-7678-9ABC-DEF012345678\""));
        Run run = Run.of("append", "--check", "--from", lines.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.out()).contains("1 events (1 appends), 8 lines are wrong");
        assertThat(run.err().lines())
                .containsExactly(
                        "eventstore: line 1: 'id' is no UUID.",
                        "eventstore: line 2: 'id' is no UUID.",
                        "eventstore: line 3: 'metadata' comes twice.",
                        "eventstore: line 4: 'metadata' comes twice.",
                        "eventstore: line 5: 'revision' comes twice.",
                        "eventstore: line 6: " + escape(25),
                        "eventstore: line 7: " + escape(70),
                        "eventstore: line 8: " + escape(73));
        Run option = append("a", "{}", "--id", "1-1-1-1-1");
        assertThat(option.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(option.err()).contains("'--id'", "'1-1-1-1-1' is no UUID");
    }

    private static String escape(int column) {
        return "it is no JSON: the escape in column " + column + " is not \\u and four hexadecimal digits.";
    }

    @Test
    void aDamagedExportIsNotImportedAndAnotherLedgerIsNotOverwritten() throws Exception {
        onBoth(() -> {
            appendLines(line("a", "{}", "k1"), line("a", "{\"n\":1}", "k2"));
            String export = on("export").out();
            List<String> lines = export.lines().toList();
            Run cut = importing(export.substring(0, export.length() - 200));
            Run changed = importing(export.replace("n\\\":1", "n\\\":2"));
            Run less = importing(export.replace(lines.get(lines.size() - 2) + "\n", ""));
            assertThat(List.of(cut, changed, less)).allSatisfy(run -> {
                assertThat(run.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
                assertThat(run.err()).contains("The exported ledger is damaged, line ", "Nothing was stored");
            });
            assertThat(importing(export).out()).startsWith("Imported   0 positions, 2 were there already");

            append("a", "{}", "--append-key", "k3");
            Run goesOn = importing(export);
            assertThat(goesOn.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(goesOn.err())
                    .contains("The ledger goes on to position ", ", what is imported ends at position 2.");
            Run against = on("verify", "--against", temp.resolve("ledger.jsonl").toString(), "--json");
            assertThat(against.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(Json.lines(against.out()).get(0))
                    .contains(Map.entry("clean", "true"), Map.entry("equal", "false"))
                    .containsEntry("difference", "the ledger goes on at position 3."); // an event's or a void's
            assertThat(importing(on("export").out()).exitCode()).isZero();
        });
    }

    private Run importing(String export) throws IOException {
        return on(
                "import",
                "--from",
                Files.writeString(temp.resolve("ledger.jsonl"), export).toString());
    }

    @Test
    void theDigestIsThatOfTheLines() throws Exception {
        onBoth(() -> {
            appendLines(line("a", "{}", "k1"));
            String export = on("export").out();
            int last = export.lastIndexOf("\n{") + 1;
            String digest = Sha256.hex(export.substring(0, last).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(export.substring(last))
                    .isEqualTo("{\"positions\":1,\"events\":1,\"sha256\":\"" + digest + "\"}\n");
            assertThat(on("verify", "--digest").out()).contains("\nsha256: " + digest + "\n");
        });
    }

    @Test
    void aPasswordOnTheCommandLineIsRefused() {
        for (String url : List.of("jdbc:postgresql://h/d?user=u&password=secret", "jdbc:mysql://u:secret@h/d")) {
            Run run = Run.of("verify", "--url", url);
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("EVENTSTORE_PASSWORD").doesNotContain("secret");
        }
    }

    @Test
    void grantsCompletionAndJsonForPrograms() {
        Run grants =
                Run.of("schema", "print", "--dialect", "postgres", "--schema", "s", "--grants", "--appender", "app");
        assertThat(grants.out()).contains("GRANT INSERT ON s.event_registry, s.event_ledger TO app", "event_follower");
        assertThat(Run.of("generate-completion").out()).contains("_complete_eventstore", "register");
        Run status = Run.of("schema", "status", "--json", "--url", "jdbc:sqlite:" + temp.resolve("none.db"));
        assertThat(status.exitCode()).isEqualTo(ExitCode.DATABASE);
        assertThat(Json.lines(status.err()).get(0)).containsEntry("exitCode", "3");
        Run usage = Run.of("verify", "--json");
        assertThat(Json.lines(usage.err()).get(0)).containsEntry("exitCode", "2");
    }
}
