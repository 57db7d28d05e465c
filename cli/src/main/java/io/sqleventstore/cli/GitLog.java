package io.sqleventstore.cli;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of {@code git log --raw -z} whose format is {@link #FORMAT}: tokens that end with a NUL byte. A commit is
 * one token; each of its changes is a token that begins with a colon (the first one with a line feed before it), and the
 * path.
 */
final class GitLog {
    /** No commit begins with a colon, and what may hold blanks comes last. */
    static final String FORMAT = "%H %aI %an <%ae>";

    private static final int COMMIT_FIELDS = 3;

    private final InputStream tokens;

    GitLog(InputStream tokens) {
        this.tokens = tokens;
    }

    void forEach(Consumer<Change> each) throws IOException {
        String[] commit = {};
        for (byte[] token = next(); token != null; token = next()) {
            String text = new String(token, StandardCharsets.UTF_8);
            String fields = text.startsWith("\n") ? text.substring(1) : text;
            if (fields.startsWith(":")) {
                each.accept(change(commit, fields.substring(1).split(" ")));
            } else {
                commit = fields.split(" ", COMMIT_FIELDS);
            }
        }
    }

    /** Of the fields old mode, new mode, old id, new id and status. */
    private Change change(String[] commit, String[] fields) throws IOException {
        byte[] path = next();
        if (path == null) {
            throw new EOFException("git log ended before a path");
        }
        String event = switch (fields[4].charAt(0)) {
            case 'A' -> FileEvents.ADDED;
            case 'D' -> FileEvents.DELETED;
            default -> FileEvents.MODIFIED;
        };
        Leaf leaf = event.equals(FileEvents.DELETED) ? null : new Leaf(fields[1], fields[3]);
        return new Change(commit[0], commit[1], commit[2], GitPath.of(path), event, leaf);
    }

    private byte @Nullable [] next() throws IOException {
        return nextToken(tokens);
    }

    /** The bytes before the next NUL byte, or null at the end. */
    static byte @Nullable [] nextToken(InputStream stream) throws IOException {
        int next = stream.read();
        if (next < 0) {
            return null;
        }
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        while (next > 0) {
            token.write(next);
            next = stream.read();
        }
        if (next < 0) {
            throw new EOFException("git's output ended in the middle of a record");
        }
        return Objects.requireNonNull(token.toByteArray());
    }
}
