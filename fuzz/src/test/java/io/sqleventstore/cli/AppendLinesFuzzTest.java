package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.fuzz.LedgerFile;
import io.sqleventstore.sql.SqlEventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any bytes as the standard input of {@code append --from -}. */
class AppendLinesFuzzTest {
    private static final byte[] NAMES =
            LedgerFile.withNames(EntityType.of("game", "started", "played"), EntityType.of("player", "joined"));
    private static final Pattern DONE = Pattern.compile(
            "Appended +([\\d,]+) events \\(([\\d,]+) appends\\), ([\\d,]+) \\(([\\d,]+)\\) were there already");
    private static final Pattern ENDED =
            Pattern.compile(" The ([\\d,]+) events \\(([\\d,]+) appends\\) before it are stored");

    @FuzzTest(maxDuration = "10m")
    @DictionaryEntries({
        "\"entity\":\"game\"",
        "\"key\":\"a\"",
        "\"event\":\"played\"",
        "\"data\":{}",
        "\"metadata\":[]",
        "\"appendKey\":\"k1\"",
        "\"id\":\"00000000-0000-0000-0000-000000000001\"",
        "\"revision\":1",
        "\"revision\":-9223372036854775808",
        "\\u0000",
        "null"
    })
    void linesAreStoredWholeAndOnceUpToTheFirstThatIsWrong(byte[] input) throws IOException {
        try (LedgerFile ledger = LedgerFile.of(NAMES)) {
            SqlEventStore store = ledger.store();
            Command first = Command.run(input, "append", "--url", ledger.url(), "--from", "-")
                    .endedWith(ExitCode.OK, ExitCode.FOUND_WRONG);
            List<StoredEvent> stored = store.replay(Selection.all()).toList();
            boolean done = first.exitCode() == ExitCode.OK;
            if (done) {
                assertThat(Command.number(DONE, 1, first.out())).isEqualTo(stored.size());
            } else {
                first.namedALine(Command.lines(input));
                assertThat(Command.number(ENDED, 1, first.err())).isGreaterThanOrEqualTo(stored.size());
            }
            areWhole(stored, input);
            assertThat(store.verify().clean()).isTrue();

            Command again = Command.run(input, "append", "--url", ledger.url(), "--from", "-");
            assertThat(again.exitCode()).as(again.err()).isEqualTo(first.exitCode());
            assertThat(again.err()).isEqualTo(first.err());
            assertThat(store.replay(Selection.all())).isEqualTo(stored);
            check(input, done);
        }
    }

    /** What is stored under a key is as many events as follow each other with it in the input. */
    private static void areWhole(List<StoredEvent> stored, byte[] input) {
        Map<String, Integer> sizes = new HashMap<>();
        stored.forEach(event -> sizes.merge(event.appendKey(), 1, Integer::sum));
        Map<String, Set<Integer>> wanted = groups(input);
        sizes.forEach((key, size) ->
                assertThat(wanted.get(key)).as("lines with key %s", key).contains(size));
    }

    private static Map<String, Set<Integer>> groups(byte[] input) {
        Map<String, Set<Integer>> groups = new HashMap<>();
        @Nullable String before = null;
        int size = 0;
        for (String key : keys(input)) {
            if (!Objects.equals(key, before)) {
                note(groups, before, size);
                size = 0;
            }
            before = key;
            size++;
        }
        note(groups, before, size);
        return groups;
    }

    private static void note(Map<String, Set<Integer>> groups, @Nullable String key, int size) {
        if (key != null) {
            groups.computeIfAbsent(key, each -> new HashSet<>()).add(size);
        }
    }

    /** The append key of each line that is not blank; null if another parser than the command's finds none. */
    private static List<@Nullable String> keys(byte[] input) {
        List<@Nullable String> keys = new ArrayList<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.chars().allMatch(each -> " \t\r".indexOf(each) >= 0)) {
                keys.add(key(line));
            }
        }
        return keys;
    }

    private static @Nullable String key(String line) {
        try {
            JsonNode key = JsonMapper.shared().readTree(line).get("appendKey");
            return key == null || !key.isString() ? null : key.stringValue();
        } catch (JacksonException e) {
            return null;
        }
    }

    /** {@code --check} agrees, as far as it can know. */
    private static void check(byte[] input, boolean done) throws IOException {
        Path file = Files.write(Files.createTempFile("fuzz", ".jsonl"), input);
        try {
            Command check = Command.run(new byte[0], "append", "--check", "--from", file.toString())
                    .endedWith(ExitCode.OK, ExitCode.FOUND_WRONG);
            if (done) {
                assertThat(check.exitCode()).as(check.err()).isEqualTo(ExitCode.OK);
            }
        } finally {
            Files.delete(file);
        }
    }
}
