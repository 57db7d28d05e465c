package io.sqleventstore.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real git repository whose index and commits are made by plumbing, so that paths may be any bytes. */
final class TestRepository {
    private final Path directory;
    private final ByteArrayOutputStream indexInfo = new ByteArrayOutputStream();

    private TestRepository(Path directory) {
        this.directory = directory;
    }

    static TestRepository init(Path directory) throws IOException {
        Files.createDirectories(directory);
        TestRepository repository = at(directory);
        repository.git("init", "-q", "-b", "main");
        return repository;
    }

    /** One that is there already. */
    static TestRepository at(Path directory) {
        return new TestRepository(directory);
    }

    Path directory() {
        return directory;
    }

    TestRepository file(String path, String content) {
        return file(path.getBytes(StandardCharsets.UTF_8), content);
    }

    TestRepository file(byte[] path, String content) {
        return entry("100644", blob(content), path);
    }

    TestRepository entry(String mode, String id, String path) {
        return entry(mode, id, path.getBytes(StandardCharsets.UTF_8));
    }

    TestRepository entry(String mode, String id, byte[] path) {
        indexInfo.writeBytes((mode + " " + id + "\t").getBytes(StandardCharsets.UTF_8));
        indexInfo.writeBytes(path);
        indexInfo.write(0);
        return this;
    }

    TestRepository without(String path) {
        return entry("0", "0".repeat(40), path);
    }

    String blob(String content) {
        return git(content.getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
    }

    /** Commits what was put since the last commit after those parents, and makes it HEAD. */
    String commitAfter(String... parents) {
        git(indexInfo.toByteArray(), "update-index", "-z", "--index-info");
        indexInfo.reset();
        List<String> command = new ArrayList<>(List.of("commit-tree", "-m", "a commit", git("write-tree")));
        for (String parent : parents) {
            command.addAll(List.of("-p", parent));
        }
        String commit = git(command.toArray(String[]::new));
        git("update-ref", "HEAD", commit);
        return commit;
    }

    /** Makes the history that the stream of {@code git fast-import} describes. */
    void fastImport(String stream) {
        git(stream.getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet", "--done");
    }

    String git(String... arguments) {
        return git(new byte[0], arguments);
    }

    private String git(byte[] input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_AUTHOR_NAME", "Ada\tLovelace  \"x\" y",
                        "GIT_AUTHOR_EMAIL", "ada@example.org",
                        "GIT_COMMITTER_NAME", "Ada",
                        "GIT_COMMITTER_EMAIL", "ada@example.org",
                        "GIT_AUTHOR_DATE", "2020-02-02T02:02:02 +0530",
                        "GIT_COMMITTER_DATE", "2020-02-02T02:02:02 +0000"));
        try {
            Process process = builder.start();
            process.getOutputStream().write(input);
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output.strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
