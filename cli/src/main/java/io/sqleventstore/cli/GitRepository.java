package io.sqleventstore.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What the demo asks a git repository, by the command {@code git}; nothing in the repository is changed. */
final class GitRepository {
    private static final int BUFFER_BYTES = 1 << 16;

    /** The user's settings must not change what is read. */
    private static final List<String> GIT = List.of(
            "git",
            "--no-replace-objects",
            "--no-pager",
            "-c",
            "log.diffMerges=separate",
            "-c",
            "log.showSignature=false",
            "-c",
            "diff.relative=false");

    private final Path directory;

    private GitRepository(Path directory) {
        this.directory = directory;
    }

    /** The repository that the directory is in. */
    static GitRepository at(Path directory) {
        GitRepository repository = new GitRepository(directory);
        Result result = repository.run(GitRepository::text, "rev-parse", "--git-dir");
        if (result.exitCode() != 0) {
            throw new Failure(
                    ExitCode.GIT,
                    "%s is not a git repository that git can read; name one: eventstore demo --git DIR%ngit says: %s"
                            .formatted(directory, result.errors().strip()));
        }
        return repository;
    }

    /** The id of the commit that is checked out now. */
    String head() {
        Result result = run(GitRepository::text, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        if (result.exitCode() != 0) {
            throw new Failure(
                    ExitCode.GIT,
                    "The git repository " + directory
                            + " has no commit yet; commit something, or name another by --git.");
        }
        return result.output().strip();
    }

    /** The ids of the commits from the root to that one, going by first parents. */
    List<String> line(String head) {
        List<String> commits = new ArrayList<>(ask(GitRepository::text, "rev-list", "--first-parent", head, "--")
                .lines()
                .toList());
        Collections.reverse(commits);
        return commits;
    }

    /** Hands over the changes that the commits of that line made, oldest first. */
    void changes(String head, Consumer<Change> each) {
        ask(
                stream -> {
                    new GitLog(stream).forEach(each);
                    return "";
                },
                "log",
                "--reverse",
                "--first-parent",
                "-m",
                "--root",
                "--raw",
                "-z",
                "--no-renames",
                "--no-abbrev",
                "--no-color",
                "--no-ext-diff",
                "--no-notes",
                "--ignore-submodules=none",
                "--encoding=UTF-8",
                "--format=" + GitLog.FORMAT,
                head,
                "--");
    }

    /** The whole tree of that commit, as git itself has it. */
    SortedMap<GitPath, Leaf> tree(String head) {
        SortedMap<GitPath, Leaf> tree = new TreeMap<>();
        ask(
                stream -> {
                    for (byte[] token = GitLog.nextToken(stream); token != null; token = GitLog.nextToken(stream)) {
                        addLeaf(tree, token);
                    }
                    return "";
                },
                "ls-tree",
                "-r",
                "-z",
                "--full-tree",
                head);
        return tree;
    }

    /** A token is the mode, the type, the id and, after a tab, the path. */
    private static void addLeaf(SortedMap<GitPath, Leaf> tree, byte[] token) {
        String entry = GitPath.of(token).latin1();
        int tab = entry.indexOf('\t');
        String[] fields = entry.substring(0, tab).split(" ", -1);
        tree.put(new GitPath(entry.substring(tab + 1)), new Leaf(fields[0], fields[2]));
    }

    private String ask(Reader reader, String... arguments) {
        Result result = run(reader, arguments);
        if (result.exitCode() != 0) {
            throw new Failure(
                    ExitCode.GIT,
                    "git %s failed in %s (exit code %d): %s"
                            .formatted(
                                    arguments[0],
                                    directory,
                                    result.exitCode(),
                                    result.errors().strip()));
        }
        return result.output();
    }

    private Result run(Reader reader, String... arguments) {
        Process process = start(arguments);
        try {
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> unchecked(process.getErrorStream()));
            String output;
            try (InputStream stream = new BufferedInputStream(process.getInputStream(), BUFFER_BYTES)) {
                output = reader.read(stream);
            } catch (IOException e) {
                throw new Failure(
                        ExitCode.GIT,
                        "The output of git " + arguments[0] + " broke off: "
                                + errors.join().strip(),
                        e);
            }
            return new Result(process.waitFor(), output, errors.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.GIT, "Interrupted while git ran.", e);
        } finally {
            process.destroy();
        }
    }

    private Process start(String... arguments) {
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of("-C", directory.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        // set where git itself starts a command; they would win over the directory
        List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX").forEach(builder.environment()::remove);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new Failure(ExitCode.GIT, "The command 'git' can't be started; is git installed and on the PATH?", e);
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String unchecked(InputStream stream) {
        try {
            return text(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what git writes. */
    private interface Reader {
        String read(InputStream stream) throws IOException;
    }

    private record Result(int exitCode, String output, String errors) {}
}
