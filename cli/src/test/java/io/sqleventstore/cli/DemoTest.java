package io.sqleventstore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final String EQUAL = "\nrebuilt tree equals git ls-tree: yes\n";
    private static final byte[] NOT_UTF_8 = {'c', 'a', 'f', (byte) 0xe9, '.', 't', 'x', 't'};

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
        return demo(repository.directory());
    }

    private Run demo(Path directory) {
        return Run.of("demo", "--git", directory.toString(), "--url", url);
    }

    private List<Map<String, Object>> events() {
        return Json.lines(Run.of("replay", "--url", url).out());
    }

    private static void assertEqual(Run run) {
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains(EQUAL);
    }

    @Test
    void everyPathSurvivesAndIsTheKeyWhereItCanBe() {
        List<String> keys = List.of(
                "README.md",
                "a b",
                "tab\there",
                "line\nfeed",
                "quote\"s'",
                "back\\slash",
                ":100644 x",
                "ü/日本/😀",
                "-n",
                "e\u0301",
                "\u00e9");
        List<String> notKeys = List.of(
                " before",
                "after ",
                "\u00a0nbsp",
                "\u0085next line",
                "~tilde",
                "sha256:abc",
                "d/".repeat(130) + "x",
                "\nfirst",
                "\u3000");
        keys.forEach(path -> repository.file(path, path));
        notKeys.forEach(path -> repository.file(path, path));
        repository
                .file(NOT_UTF_8, "latin 1")
                .file(new byte[] {(byte) 0xff}, "x")
                .file(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, "x");
        repository.commitAfter();

        assertEqual(demo());

        List<Map<String, Object>> events = events();
        assertThat(events).hasSize(keys.size() + notKeys.size() + 3);
        assertThat(events)
                .extracting(event -> (String) event.get("key"))
                .containsAll(keys)
                .doesNotHaveDuplicates();
        for (String path : notKeys) {
            assertThat(events)
                    .filteredOn(event -> path.equals(Json.texts(event, "data").get("path")))
                    .singleElement()
                    .extracting("key")
                    .isEqualTo("sha256:" + Sha256.hex(path.getBytes(UTF_8)));
        }
        assertThat(events)
                .filteredOn(event ->
                        "636166e92e747874".equals(Json.texts(event, "data").get("pathHex")))
                .singleElement()
                .extracting("key")
                .isEqualTo("sha256:" + Sha256.hex(NOT_UTF_8));
    }

    @Test
    void everyKindOfChangeIsFoldedRight() {
        String root = repository
                .file("a", "1")
                .file("b", "1")
                .file("x", "1")
                .file("README.md", "1")
                .commitAfter();
        String side = repository.file("side", "1").file("b", "side").commitAfter(root);
        String empty = repository.without("side").file("b", "1").commitAfter(root);
        String merge = repository.file("side", "1").file("b", "side").commitAfter(empty, side);
        String modes = repository.entry("100755", repository.blob("1"), "a").commitAfter(merge);
        String link =
                repository.entry("120000", repository.blob("README.md"), "b").commitAfter(modes);
        String submodule = repository.entry("160000", root, "module").commitAfter(link);
        String folder = repository.without("x").file("x/y", "2").commitAfter(submodule);
        String deleted = repository.without("a").entry("160000", side, "module").commitAfter(folder);
        String again = repository.file("a", "3").without("x/y").file("x", "4").commitAfter(deleted);
        repository.git("config", "log.diffMerges", "off");
        repository.git("config", "diff.ignoreSubmodules", "all");
        repository.git("config", "diff.renames", "copies");
        repository.git("config", "color.ui", "always");
        repository.git("config", "log.showRoot", "false");

        Run run = demo();

        assertEqual(run);
        assertThat(run.out())
                .contains(again.substring(0, 10) + "; commits by first parents: 9\n")
                .contains("Import     16 new events, 0 were there already; ")
                .contains("Replay     16 events of 7 entities; ")
                .contains("./eventstore replay --url " + url + " --entity file --key README.md\n");
        assertThat(Json.lines(Run.of("replay", "--url", url, "--entity", "file", "--key", "a")
                        .out()))
                .extracting(event -> event.get("event"))
                .containsExactly("file-added", "file-modified", "file-deleted", "file-added");
        assertThat(events().get(0))
                .containsEntry("appendKey", Sha256.hex((root + " README.md").getBytes(UTF_8)))
                .containsEntry("metadata", Map.of("correlation", root, "root", root))
                .containsEntry(
                        "data",
                        Map.of(
                                "path", "README.md",
                                "blob", repository.blob("1"),
                                "mode", "100644",
                                "commit", root,
                                "author", "Ada\tLovelace  \"x\" y <ada@example.org>",
                                "time", "2020-02-02T02:02:02+05:30"));
    }

    @Test
    void nothingIsImportedTwiceAndOnlyWhatIsNewIsAdded() {
        String root = repository.file("a", "1").file("b", "1").commitAfter();
        assertEqual(demo());

        Run second = demo();
        repository.file("a", "2").commitAfter(root);
        Run third = demo();

        assertEqual(second);
        assertThat(second.out()).contains("Import     0 new events, 2 were there already; ");
        assertEqual(third);
        assertThat(third.out()).contains("Import     1 new events, 2 were there already; ");
        assertThat(Run.of("verify", "--url", url).exitCode()).isZero();
    }

    @Test
    void aRewrittenHistoryAndAnotherBranchAreNoTrouble() {
        String root = repository.file("a", "1").commitAfter();
        String first = repository.file("a", "2").file("gone", "1").commitAfter(root);
        assertEqual(demo());
        String amended = repository.file("a", "3").without("gone").commitAfter(root);
        assertEqual(demo());
        repository.file("a", "4").file("new", "1").commitAfter(amended);
        assertEqual(demo());
        repository.git("update-ref", "HEAD", first);

        Run back = demo();

        assertEqual(back);
        assertThat(back.out()).contains("Import     0 new events, 3 were there already; ");
        assertThat(Run.of("verify", "--url", url).exitCode()).isZero();
    }

    @Test
    void aBareRepositoryAFolderAndAShallowCloneWork() throws IOException {
        String root = repository.file("f/a", "1").file("b", "1").commitAfter();
        String second = repository.file("f/a", "2").commitAfter(root);
        repository.file("f/a", "3").commitAfter(second);
        repository.git("checkout", "-q", "--", ".");
        assertEqual(demo(repository.directory().resolve("f")));
        Path bare = temp.resolve("bare");
        repository.git("clone", "-q", "--bare", repository.directory().toString(), bare.toString());
        assertEqual(demo(bare));
        Path shallow = temp.resolve("shallow");
        repository.git(
                "clone", "-q", "--depth", "2", repository.directory().toUri().toString(), shallow.toString());

        assertThat(demo(shallow).exitCode()).as("its first commit is another").isEqualTo(ExitCode.FOUND_WRONG);
        url = "jdbc:sqlite:" + temp.resolve("shallow.db");
        Run run = demo(shallow);

        assertEqual(run);
        assertThat(run.out()).contains("; commits by first parents: 2\n").contains("Import     3 new events");
    }

    @Test
    void anotherRepositorysEventsAreRefusedBeforeAnythingIsWritten() throws IOException {
        repository.file("a", "1").commitAfter();
        assertEqual(demo());
        TestRepository other = TestRepository.init(temp.resolve("other"));
        other.file("a", "another").commitAfter();

        Run run = demo(other.directory());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.err())
                .contains("not from this repository")
                .contains("--url")
                .doesNotContain("\tat ");
        assertThat(events()).hasSize(1);
    }

    @Test
    void anEventThatWasChangedIsReported() {
        String root = repository.file("a", "1").file("gone", "1").commitAfter();
        repository.without("gone").commitAfter(root);
        assertEqual(demo());
        Run.sql(
                url,
                "DROP TRIGGER event_ledger_no_update",
                "UPDATE event_ledger SET data = replace(data, '100644', '100755') WHERE entity_key = 'a'");

        Run run = demo();

        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.err()).contains("was used for other content");
    }

    @Test
    void aTreeThatWasForgedIsReported() {
        String root = repository.file("a", "1").file("b", "1").commitAfter();
        repository.file("a", "2").commitAfter(root);
        assertEqual(demo());
        String forged =
                "INSERT INTO event_ledger (event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata)"
                        + " SELECT randomblob(16), entity, entity_key, 3, 2, event_id, 'file-deleted', 'forged', 0, data, metadata"
                        + " FROM event_ledger WHERE entity_key = 'a' AND revision = 2";
        Run.sql(url, forged);

        Run run = demo();

        assertThat(run.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.out())
                .contains("\nrebuilt tree equals git ls-tree: no\n")
                .contains("a: missing, git has 100644 " + repository.blob("2"));
    }

    @Test
    void whatIsNoRepositoryIsSaidKindly() throws IOException {
        Run empty = demo();
        Run none = demo(temp);
        Run missing = demo(temp.resolve("missing"));

        assertThat(List.of(empty, none, missing)).extracting(Run::exitCode).containsOnly(ExitCode.GIT);
        assertThat(empty.err()).contains("has no commit yet").hasLineCount(1);
        assertThat(none.err())
                .contains("is not a git repository")
                .contains("--git DIR")
                .doesNotContain("\tat ");
        assertThat(missing.err()).contains("is not a git repository");
        assertThat(temp.resolve("events.db")).doesNotExist();
    }

    @Test
    void aMachineWithoutGitIsSaidKindly() throws Exception {
        Path output = temp.resolve("output");
        ProcessBuilder builder = Run.process(output, "demo", "--git", temp.toString(), "--url", url);
        builder.environment().put("PATH", temp.toString());
        Process process = builder.start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Run.read(output)).isEqualTo(ExitCode.GIT);
        assertThat(Run.read(output)).contains("is git installed").hasLineCount(1);
    }

    @Test
    void aWatcherGetsColours() {
        repository.file("a", "1").commitAfter();

        Run run = Run.watched("demo", "--git", repository.directory().toString(), "--url", url);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\u001b[").contains("rebuilt tree equals git ls-tree: yes");
    }
}
