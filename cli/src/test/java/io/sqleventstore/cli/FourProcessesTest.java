package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four processes that know nothing of each other import into one database at once. */
class FourProcessesTest {
    private static final int COMMITS = 25;
    private static final int FILES = 60;

    @TempDir
    private Path temp;

    private TestRepository repository;
    private String together = "";

    @BeforeEach
    void prepare() throws IOException {
        repository = TestRepository.init(temp.resolve("repository"));
        together = "jdbc:sqlite:" + temp.resolve("together.db");
    }

    @Test
    void ofOneHistoryMakeWhatOneImportMakes() throws Exception {
        commits("main", "");
        Path git = repository.directory();
        String alone = "jdbc:sqlite:" + temp.resolve("alone.db");
        assertThat(Run.of("demo", "--git", git.toString(), "--url", alone).exitCode())
                .isZero();

        long added = importAtOnce(git, git, git, git);

        assertThat(history(together)).isEqualTo(history(alone)).hasSize((int) added);
    }

    @Test
    void ofTwoBranchesKeepEachBranchWhole() throws Exception {
        String root = repository.file("file-0", "the first").commitAfter();
        String branch = commits("branch", root);
        Path clone = temp.resolve("clone");
        repository.git("clone", "-q", "--no-checkout", repository.directory().toString(), clone.toString());
        String main = commits("main", root);
        assertThat(main).isNotEqualTo(branch);

        long added = importAtOnce(repository.directory(), clone, repository.directory(), clone);

        assertThat(history(together)).hasSize((int) added);
        assertThat(importAtOnce(repository.directory(), clone)).isZero();
    }

    /** Makes commits that change many files each, and returns the last. */
    private String commits(String name, String root) {
        String commit = root;
        for (int i = 0; i < COMMITS; i++) {
            String blob = repository.blob(name + " " + i);
            for (int file = i % 7; file < FILES; file += 1 + i % 3) {
                repository.entry("100644", blob, "file-" + file);
            }
            commit = commit.isEmpty() ? repository.commitAfter() : repository.commitAfter(commit);
        }
        return commit;
    }

    /** Imports each repository in a process of its own and returns how many events they say they added. */
    private long importAtOnce(Path... repositories) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (Path git : repositories) {
            processes.add(Run.start(output(processes.size()), "demo", "--git", git.toString(), "--url", together));
        }
        long added = 0;
        for (int i = 0; i < repositories.length; i++) {
            assertThat(processes.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
            String output = Run.read(output(i));
            assertThat(processes.get(i).exitValue()).as(output).isZero();
            assertThat(output).contains("\nrebuilt tree equals git ls-tree: yes\n");
            added += Long.parseLong(
                    output.replaceAll("(?s).*Import +([\\d,]+) new.*", "$1").replace(",", ""));
        }
        Run verify = Run.of("verify", "--url", together);
        assertThat(verify.exitCode()).as(verify.out()).isZero();
        return added;
    }

    private Path output(int process) {
        return temp.resolve("output-" + process);
    }

    /** In position order, without what differs from ledger to ledger. */
    private static List<Map<String, Object>> history(String url) {
        List<Map<String, Object>> events =
                Json.lines(Run.of("replay", "--url", url).out());
        events.forEach(event -> event.keySet().removeAll(List.of("id", "previousId", "recordedAt", "position")));
        return events;
    }
}
