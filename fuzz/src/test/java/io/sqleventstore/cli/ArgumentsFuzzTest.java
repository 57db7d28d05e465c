package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.fuzz.Draw;
import io.sqleventstore.fuzz.LedgerFile;
import io.sqleventstore.sql.SqlEventStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Any arguments of the commands that end by themselves and stay within a database. */
class ArgumentsFuzzTest {
    private static final byte[] NAMES = LedgerFile.withNames(EntityType.of("game", "started", "played"));

    /** Other files and servers, endless runs and stack traces are not asked for. */
    private static final List<String> KEPT_OUT = List.of(
            "--url",
            "--output",
            "--cursor-file",
            "--from",
            "--against",
            "--password-file",
            "--follow",
            "--debug",
            "demo",
            "certify",
            "torture",
            "bench");

    private static final String LINE =
            "{\"entity\":\"game\",\"key\":\"a\",\"event\":\"played\",\"data\":{},\"appendKey\":\"k\"}\n";

    @FuzzTest(maxDuration = "10m")
    void argumentsAreUnderstoodOrRefused(FuzzedDataProvider data) {
        Draw draw = new Draw(data);
        try (LedgerFile ledger = LedgerFile.of(NAMES)) {
            String[] arguments = arguments(draw, ledger);
            String input = draw.oneOf("", "{}", LINE);
            Command.run(input.getBytes(StandardCharsets.UTF_8), arguments)
                    .endedWith(ExitCode.OK, ExitCode.FOUND_WRONG, ExitCode.USAGE, ExitCode.DATABASE);
            SqlEventStore store = ledger.store();
            assertThat(store.replay(Selection.all())).hasSizeLessThanOrEqualTo(1);
            assertThat(store.verify().clean()).isTrue();
        } finally {
            OUTPUTS.forEach(file -> file.toFile().delete());
        }
    }

    private static final List<Path> OUTPUTS = Stream.of("out", "out.part", "cursor", "cursor.lock")
            .map(name -> Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "fuzz-" + ProcessHandle.current().pid() + "-" + name))
            .toList();

    private static String[] arguments(Draw draw, LedgerFile ledger) {
        List<String> arguments = new ArrayList<>();
        arguments.add(command(draw));
        while (draw.hasMore() && arguments.size() < 20) {
            switch (draw.below(4)) {
                case 0 ->
                    arguments.add(draw.oneOf(
                            "--json",
                            "--check",
                            "--list",
                            "--digest",
                            "--backwards",
                            "--grants",
                            "--help",
                            "--version",
                            "install",
                            "status",
                            "print"));
                case 1 -> arguments.add(located(draw, ledger));
                case 2 -> {
                    arguments.add(draw.oneOf(
                            "--entity",
                            "--key",
                            "--event",
                            "--data",
                            "--metadata",
                            "--id",
                            "--append-key",
                            "--revision",
                            "--to",
                            "--limit",
                            "--after",
                            "--schema",
                            "--prefix",
                            "--timeout",
                            "--dialect",
                            "--from-version",
                            "--appender",
                            "--reader",
                            "--follower",
                            "--user"));
                    arguments.add(value(draw));
                }
                default -> arguments.add(value(draw));
            }
        }
        return arguments.toArray(String[]::new);
    }

    private static String command(Draw draw) {
        return draw.once(16)
                ? value(draw)
                : draw.oneOf(
                        "append",
                        "register",
                        "replay",
                        "tail",
                        "verify",
                        "export",
                        "import",
                        "schema",
                        "generate-completion");
    }

    /** An option that names a place, with one that is ours or nowhere. */
    private static String located(Draw draw, LedgerFile ledger) {
        return switch (draw.below(6)) {
            case 0 -> "--output=" + OUTPUTS.get(0);
            case 1 -> "--cursor-file=" + OUTPUTS.get(2);
            case 2 ->
                "--from="
                        + draw.oneOf(
                                "-",
                                "1",
                                "2",
                                "0",
                                "no-such-file",
                                ledger.file().toString(),
                                directory());
            case 3 ->
                draw.oneOf("--against=", "--password-file=")
                        + draw.oneOf("-", "no-such-file", ledger.file().toString(), directory());
            case 4 ->
                "--url="
                        + draw.oneOf(
                                "",
                                "jdbc:",
                                "jdbc:nosuch:x",
                                "jdbc:sqlite:/no/such/folder/x.db",
                                "jdbc:sqlite:" + directory());
            default -> "--url=" + ledger.url();
        };
    }

    private static String directory() {
        return Path.of(System.getProperty("java.io.tmpdir")).toString();
    }

    private static String value(Draw draw) {
        String value = draw.textOr(
                "game",
                "played",
                "started",
                "a",
                "{}",
                "[1]",
                "-",
                "",
                "1",
                "2",
                "-1",
                "9223372036854775807",
                "sqlite",
                "postgres",
                "events",
                "00000000-0000-0000-0000-000000000001",
                "1-00000000-0000-0000-0000-000000000001");
        return KEPT_OUT.stream().anyMatch(value::startsWith) ? "x" + value : value;
    }
}
