package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history so long that four imports of it meet in many transactions. */
class FourImportsTest {
    private static final int COMMITS = 400;
    private static final int IMPORTS = 4;
    private static final long SEED = 7;

    @TempDir
    private Path temp;

    @Test
    void atOnceOfALongHistoryStoreWhatOneStores() throws Exception {
        TestRepository repository = TestRepository.init(temp.resolve("repository"));
        repository.fastImport(history(new Random(SEED)));
        String alone = "jdbc:sqlite:" + temp.resolve("alone.db");
        String together = "jdbc:sqlite:" + temp.resolve("together.db");
        String git = repository.directory().toString();

        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < IMPORTS; i++) {
            processes.add(Run.start(output(i), "demo", "--git", git, "--url", together));
        }
        Run single = Run.of("demo", "--git", git, "--url", alone);

        assertThat(single.exitCode()).as(single.err()).isZero();
        for (int i = 0; i < IMPORTS; i++) {
            assertThat(processes.get(i).waitFor(180, TimeUnit.SECONDS)).isTrue();
            assertThat(processes.get(i).exitValue()).as(Run.read(output(i))).isZero();
            assertThat(Run.read(output(i))).contains("\nrebuilt tree equals git ls-tree: yes\n");
        }
        assertThat(entities(together)).isEqualTo(entities(alone));
        assertThat(count(together)).isEqualTo(count(alone));
        Run verify = Run.of("verify", "--url", together);
        assertThat(verify.exitCode()).as(verify.out()).isZero();
    }

    private Path output(int process) {
        return temp.resolve("output-" + process);
    }

    /** Commits that touch overlapping files, now and then delete one, and merge a side line every tenth time. */
    private static String history(Random random) {
        StringBuilder stream = new StringBuilder();
        for (int i = 1; i <= COMMITS; i++) {
            stream.append("commit refs/heads/main\nmark :%d\n".formatted(i))
                    .append("committer Ada <ada@example.org> %d +0000\ndata 1\nc\n".formatted(1_600_000_000 + i));
            if (i > 1) {
                stream.append("from :%d\n".formatted(i - 1));
            }
            if (i % 10 == 0) {
                stream.append("merge :%d\n".formatted(i - 5));
            }
            for (int change = 0; change < 3; change++) {
                int file = random.nextInt(50);
                if (random.nextInt(8) == 0) {
                    stream.append("D file-%d\n".formatted(file));
                } else {
                    String content = i + " " + file;
                    stream.append("M 100644 inline file-%d\ndata %d\n%s\n".formatted(file, content.length(), content));
                }
            }
        }
        return stream.append("done\n").toString();
    }

    /** By entity, what its events are and where they come from. */
    private static Map<String, List<String>> entities(String url) {
        Map<String, List<String>> entities = new LinkedHashMap<>();
        Run replay = Run.of("replay", "--url", url, "--entity", "file");
        for (Map<String, Object> event : Json.lines(replay.out())) {
            entities.computeIfAbsent(String.valueOf(event.get("key")), key -> new ArrayList<>())
                    .add("%s %s %s %s"
                            .formatted(
                                    event.get("revision"),
                                    event.get("event"),
                                    event.get("data"),
                                    event.get("appendKey")));
        }
        assertThat(entities).isNotEmpty();
        return entities;
    }

    private static long count(String url) {
        return Run.of("replay", "--url", url).out().lines().count();
    }
}
