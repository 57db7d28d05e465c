package io.sqleventstore.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a repository says of itself, by running git. Paths are bytes: git knows no character set. */
final class Git {
    private final Path folder;

    /** There is no git, or nothing for it to read. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /**
     * A change of one file.
     *
     * @param commit the commit that made it
     * @param kind git's letter: A added, D deleted, else changed
     * @param mode the file's mode afterwards, six octal digits
     * @param blob the id of its content afterwards
     * @param path its path, each byte as one character (ISO 8859-1)
     */
    record Change(Commit commit, char kind, String mode, String blob, String path) {}

    /** Who changed something, and when (seconds since 1970). */
    record Commit(String id, long time, String author) {}

    /** The repository that this folder is in. */
    Git(Path folder) {
        this.folder = folder;
    }

    /**
     * The commit that is checked out.
     *
     * @throws Unusable if there is none
     */
    String head() {
        if (!Files.isDirectory(folder)) {
            throw new Unusable("There is no folder " + folder + ".");
        }
        if (run("rev-parse", "--git-dir") == null) {
            throw new Unusable(folder + " is no git repository; name one with --git DIR.");
        }
        List<byte[]> head = run("rev-parse", "-q", "--verify", "HEAD^{commit}");
        if (head == null) {
            throw new Unusable("The repository in " + folder + " has no commit yet.");
        }
        return text(head.get(0)).strip();
    }

    /** The commits of the first-parent line that ends there. */
    Set<String> line(String commit) {
        Set<String> commits = new HashSet<>();
        for (byte[] output : required("rev-list", "--first-parent", commit)) {
            text(output).lines().forEach(commits::add);
        }
        return commits;
    }

    /** The files of a commit: mode and content by path, each byte of the path as one character. */
    Map<String, String> tree(String commit) {
        Map<String, String> tree = new HashMap<>();
        for (byte[] entry : required("ls-tree", "-r", "-z", "--full-tree", commit)) {
            String line = bytes(entry);
            int tab = line.indexOf('\t');
            String[] modeTypeId = line.substring(0, tab).split(" ", -1);
            tree.put(line.substring(tab + 1), modeTypeId[0] + " " + modeTypeId[2]);
        }
        return tree;
    }

    /** Every change along the first-parent line that ends there, the oldest first, a merge by what it changed to its first parent. */
    void history(String commit, Consumer<Change> each) {
        History history = new History(each);
        int exit = stream(
                history::accept,
                "-c",
                "log.showRoot=true",
                "-c",
                "diff.ignoreSubmodules=none",
                "-c",
                "i18n.logOutputEncoding=UTF-8",
                "log",
                "-z",
                "--reverse",
                "--first-parent",
                "-m",
                "--raw",
                "--no-renames",
                "--no-abbrev",
                "--no-color",
                "--no-show-signature",
                "--no-mailmap",
                "--no-ext-diff",
                "--no-textconv",
                "--no-notes",
                "--format=commit %H %at %an",
                commit);
        if (exit != 0) {
            throw new Unusable("git could not list the history of " + commit + ".");
        }
    }

    /** Takes git's answer apart: {@code commit …}, then for each file {@code :modes ids letter} and its path, each ended by NUL. */
    private static final class History {
        private final Consumer<Change> each;
        private Commit commit = new Commit("", 0, "");
        private String[] raw = new String[0];

        History(Consumer<Change> each) {
            this.each = each;
        }

        void accept(byte[] token) {
            if (raw.length > 0) {
                each.accept(new Change(commit, raw[4].charAt(0), raw[1], raw[3], bytes(token)));
                raw = new String[0];
                return;
            }
            String line = text(token).strip();
            if (line.startsWith("commit ")) {
                String[] parts = line.split(" ", 4);
                commit = new Commit(parts[1], Long.parseLong(parts[2]), parts.length > 3 ? parts[3] : "");
            } else if (line.startsWith(":")) {
                raw = line.substring(1).split(" ", 5);
            } else if (!line.isEmpty()) {
                throw new IllegalStateException("git said something unexpected: " + line);
            }
        }
    }

    private List<byte[]> required(String... command) {
        List<byte[]> output = run(command);
        if (output == null) {
            throw new Unusable("git " + String.join(" ", command) + " failed in " + folder + ".");
        }
        return output;
    }

    private @Nullable List<byte[]> run(String... command) {
        List<byte[]> tokens = new ArrayList<>();
        return stream(tokens::add, command) == 0 ? tokens : null;
    }

    private int stream(Consumer<byte[]> token, String... command) {
        List<String> all = new ArrayList<>(List.of("git", "-C", folder.toString(), "--no-pager"));
        all.addAll(Arrays.asList(command));
        try {
            Process git = new ProcessBuilder(all)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream output = new BufferedInputStream(git.getInputStream(), 1 << 16)) {
                split(output, token);
            } finally {
                git.destroy();
            }
            return git.waitFor();
        } catch (IOException e) {
            throw new Unusable("git can't be run; is it installed? (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unusable("Interrupted while git was running.");
        }
    }

    private static void split(InputStream output, Consumer<byte[]> token) throws IOException {
        ByteArrayOutputStream current = new ByteArrayOutputStream();
        for (int b = output.read(); b >= 0; b = output.read()) {
            if (b == 0) {
                token.accept(current.toByteArray());
                current.reset();
            } else {
                current.write(b);
            }
        }
        if (current.size() > 0) {
            token.accept(current.toByteArray());
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes as characters, one for one. */
    private static String bytes(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
