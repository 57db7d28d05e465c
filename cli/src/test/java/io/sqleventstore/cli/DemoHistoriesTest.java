package io.sqleventstore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories that a git repository rarely has but may have. */
class DemoHistoriesTest {
    private static final String EQUAL = "rebuilt tree equals git ls-tree: yes";

    @TempDir
    private Path temp;

    private String url = "";
    private TestRepository repository;

    @BeforeEach
    void prepare() throws IOException {
        url = "jdbc:sqlite:" + temp.resolve("events.db");
        repository = TestRepository.init(temp.resolve("repository"));
    }

    private Run demo() {
        return Run.of("demo", "--git", repository.directory().toString(), "--url", url);
    }

    private Run assertEqual(int added, int repeated) {
        Run run = demo();
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out().lines()).contains(EQUAL);
        assertThat(run.out()).contains("Import     %d new events, %d were there already; ".formatted(added, repeated));
        Run verify = Run.of("verify", "--url", url);
        assertThat(verify.exitCode()).as(verify.out()).isZero();
        return run;
    }

    private List<Map<String, Object>> events(String... options) {
        List<String> arguments = new ArrayList<>(List.of("replay", "--url", url));
        arguments.addAll(List.of(options));
        return Json.lines(Run.of(arguments.toArray(String[]::new)).out());
    }

    private static byte[] bytes(String text, int... more) {
        byte[] start = text.getBytes(UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + more.length);
        for (int i = 0; i < more.length; i++) {
            all[start.length + i] = (byte) more[i];
        }
        return all;
    }

    @Test
    void everyPathIsFollowedThroughItsWholeLife() {
        List<byte[]> paths = List.of(
                bytes("tab\t\"quotes\" 'and' \\n"),
                bytes("ends with a line feed\n"),
                bytes("\r\n"),
                bytes(" "),
                bytes(" blanks "),
                bytes("~~"),
                bytes("~/home"),
                bytes("sha256:" + Sha256.hex(bytes("tab"))),
                bytes("caf", 0xe9),
                bytes("", 0xff, 0xfe),
                bytes("cut off ", 0xf0, 0x9f, 0x98),
                bytes("overlong ", 0xc0, 0xaf),
                bytes("\u00e9"),
                bytes("e\u0301"),
                bytes("A\u030a\u0323"),
                bytes("A\u0323\u030a"),
                bytes("\ud83d\ude00/\ud83d\udc68\u200d\ud83d\udc69"),
                bytes("Case"),
                bytes("case"),
                bytes("x".repeat(255)),
                bytes("x".repeat(256)),
                bytes("\ud83d\ude00".repeat(127)),
                bytes("\ud83d\ude00".repeat(128)),
                bytes("long/".repeat(60) + "300 bytes"),
                bytes("\ufeffmark"),
                bytes("{\"json\": 2.0}"),
                bytes("\u001b[31mred"),
                bytes("%s%n"),
                bytes("${sys:user.home}"),
                bytes("@types/x"));
        paths.forEach(path -> repository.file(path, "1"));
        String added = repository.commitAfter();
        paths.forEach(path -> repository.file(path, "2"));
        String modified = repository.commitAfter(added);
        paths.forEach(path -> repository.entry("0", "0".repeat(40), path));
        String deleted = repository.commitAfter(modified);
        assertEqual(3 * paths.size(), 0);
        paths.forEach(path -> repository.file(path, "3"));
        repository.commitAfter(deleted);
        assertEqual(paths.size(), 3 * paths.size());

        assertEqual(0, 4 * paths.size());

        Map<Object, List<Map<String, Object>>> byKey = new HashMap<>();
        events().forEach(event -> byKey.computeIfAbsent(event.get("key"), key -> new ArrayList<>())
                .add(event));
        assertThat(byKey).hasSize(paths.size());
        assertThat(byKey.values()).allSatisfy(history -> {
            assertThat(history)
                    .extracting(event -> event.get("event"))
                    .containsExactly("file-added", "file-modified", "file-deleted", "file-added");
            assertThat(history).extracting(event -> event.get("revision")).containsExactly("1", "2", "3", "4");
        });
    }

    @Test
    void aSideBranchArrivesByItsMergeCommit() {
        String root = repository.file("a", "1").file("b", "1").commitAfter();
        String side = repository.file("side", "1").file("b", "2").commitAfter(root);
        String further = repository.file("side", "2").commitAfter(side);
        String main = repository.without("side").file("b", "1").file("a", "2").commitAfter(root);
        String merge =
                repository.file("side", "2").file("b", "2").file("evil", "1").commitAfter(main, further);

        assertEqual(6, 0);

        assertThat(events("--entity", "file", "--key", "side"))
                .singleElement()
                .extracting(event -> Json.texts(event, "data"))
                .satisfies(data ->
                        assertThat(data).containsEntry("commit", merge).containsEntry("blob", repository.blob("2")));
        assertThat(events())
                .extracting(event -> Json.texts(event, "data").get("commit"))
                .doesNotContain(side, further)
                .contains(root, main, merge);
    }

    @Test
    void aFolderTakesTheNameOfAFileAndTheOtherWayRound() {
        String root =
                repository.file("x", "1").file("y/a", "1").file("y/b", "1").commitAfter();
        String swapped = repository
                .without("x")
                .without("y/a")
                .without("y/b")
                .file("x/a", "2")
                .file("y", "2")
                .commitAfter(root);
        repository
                .without("x/a")
                .without("y")
                .entry("120000", repository.blob("y"), "x")
                .entry("160000", root, "y")
                .commitAfter(swapped);

        assertEqual(11, 0);
    }

    @Test
    void commitsWithoutChangesAndTreesWithoutFilesCount() {
        String empty = repository.commitAfter();
        assertThat(assertEqual(0, 0).out()).contains("commits by first parents: 1\n");
        String again = repository.commitAfter(empty);
        String file = repository.file("a", "1").commitAfter(again);
        String nothing = repository.commitAfter(file);
        assertEqual(1, 0);
        repository.without("a").commitAfter(nothing);
        assertThat(assertEqual(1, 1).out()).contains("commits by first parents: 5\n");
    }

    @Test
    void aShallowCloneOfOneCommitIsAHistoryOfOneCommit() {
        String root = repository.file("a", "1").file("b", "1").commitAfter();
        repository.file("a", "2").commitAfter(root);
        Path clone = temp.resolve("clone");
        repository.git(
                "clone", "-q", "--depth", "1", repository.directory().toUri().toString(), clone.toString());

        Run run = Run.of("demo", "--git", clone.toString(), "--url", url);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).contains(EQUAL);
        assertThat(run.out()).contains("Import     2 new events, 0 were there already; ");
    }

    @Test
    void idsOfTheLongerKindAreTakenAsTheyAre() throws IOException {
        Path directory = Files.createDirectories(temp.resolve("sha256"));
        repository.git("init", "-q", "--object-format=sha256", directory.toString());
        repository = TestRepository.at(directory);
        String root = repository.file("a", "1").commitAfter();
        repository.file("a", "2").commitAfter(root);

        assertThat(root).hasSize(64);
        assertEqual(2, 0);
    }

    @Test
    void aHistoryByChanceIsRebuiltWhereverItIsStopped() {
        Random random = new Random(11);
        String commit = "";
        String side = "";
        int events = 0;
        for (int i = 0; i < 30; i++) {
            for (int change = random.nextInt(5); change > 0; change--) {
                String path = "file-" + random.nextInt(12);
                String mode = List.of("100644", "100755", "120000").get(random.nextInt(3));
                if (random.nextInt(4) == 0) {
                    repository.without(path);
                } else {
                    repository.entry(mode, repository.blob("content " + random.nextInt(4)), path);
                }
            }
            List<String> parents = new ArrayList<>();
            if (i > 0) {
                parents.add(commit);
            }
            if (random.nextInt(4) == 0 && !side.isEmpty() && !side.equals(commit)) {
                parents.add(side);
                side = "";
            } else if (side.isEmpty() && random.nextInt(3) == 0) {
                side = commit;
            }
            commit = repository.commitAfter(parents.toArray(String[]::new));
            if (i % 6 == 5) {
                Run run = demo();
                assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
                assertThat(run.out().lines()).contains(EQUAL);
                assertThat(events()).hasSizeGreaterThan(events);
                events = events().size();
            }
        }
        assertThat(assertEqual(0, events).out()).contains("commits by first parents: 30\n");
    }

    @Test
    void theCommandToTryNextIsOneThatWorks() throws IOException {
        for (String path : List.of("--debug", "@" + temp.resolve("arguments"), "it's \"x\"\nand $HOME")) {
            repository = TestRepository.init(temp.resolve("of-" + Sha256.hex(path.getBytes(UTF_8))));
            repository.file(path, "1").commitAfter();
            url = "jdbc:sqlite:" + repository.directory().resolve("the events.db");
            List<String> words = shellWords(assertEqual(1, 0)
                    .out()
                    .replaceAll("(?s).*(replay --url \\S+ \\S+ --entity file --key.*)\n  ./eventstore verify.*", "$1"));

            Run run = Run.of(words.toArray(String[]::new));

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(Json.lines(run.out()))
                    .singleElement()
                    .extracting(event -> event.get("key"))
                    .isEqualTo(path);
        }
    }

    /** What a POSIX shell makes of the command. */
    private static List<String> shellWords(String command) {
        try {
            Process process = new ProcessBuilder("sh", "-c", "printf '%s\\0' " + command).start();
            String words = new String(process.getInputStream().readAllBytes(), UTF_8);
            return List.of(words.split("\0"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The import repeats each append, and finds that this one was another: before there is a tree to compare. */
    @Test
    void aBlobThatWasChangedIsFoundBeforeTheTreesAreCompared() {
        String root = repository.file("a", "1").file("b", "1").commitAfter();
        repository.file("b", "2").commitAfter(root);
        assertEqual(3, 0);
        Run.sql(
                url,
                "DROP TRIGGER event_ledger_no_update",
                "UPDATE event_ledger SET data = replace(data, '%s', '%s') WHERE entity_key = 'a'"
                        .formatted(repository.blob("1"), repository.blob("2")));

        Run run = demo();

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.out()).doesNotContain(EQUAL);
        assertThat(run.err())
                .contains("was used for other content")
                .hasLineCount(1)
                .doesNotContain("\tat ");
    }
}
