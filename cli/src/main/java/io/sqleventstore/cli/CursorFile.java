package io.sqleventstore.cli;

import io.sqleventstore.Cursor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that holds a consumer's cursor, for one process at a time. Whoever reads it finds a whole one, the one before or the newest.
 * Beside it are {@code .lock}, locked while it is in use, and for moments {@code .next}.
 */
final class CursorFile implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;

    private CursorFile(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Takes the file for this process. */
    static CursorFile open(Path path) {
        try {
            FileChannel lock = FileChannel.open(
                    path.resolveSibling(path.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (isLocked(lock)) {
                return new CursorFile(path, lock);
            }
            lock.close();
            throw new Failure(ExitCode.USAGE, "The cursor file " + path + " is in use by another process.");
        } catch (IOException e) {
            throw new Failure(ExitCode.USAGE, "The cursor file " + path + " can't be written in its folder.", e);
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            return false;
        }
    }

    /**
     * What is in it; a file that isn't there yet is before the first event. That it can be written is tried at once: a follower would notice
     * only after its first page.
     */
    Cursor read() {
        if (!Files.exists(path)) {
            return Cursor.START;
        }
        Cursor cursor = content();
        write(cursor);
        return cursor;
    }

    private Cursor content() {
        try {
            String token = Files.readString(path).strip();
            if (token.isEmpty()) {
                throw new Failure(
                        ExitCode.USAGE,
                        "The cursor file " + path
                                + " is empty; remove it to begin before the first event, or put the last cursor in.");
            }
            return new Cursor(token);
        } catch (IOException e) {
            throw new Failure(ExitCode.USAGE, "The cursor file " + path + " can't be read.", e);
        }
    }

    void write(Cursor cursor) {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try {
            Files.writeString(
                    next,
                    cursor.token() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC); // else a power failure can leave the name without the content
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Failure(ExitCode.FOUND_WRONG, "The cursor file " + path + " can't be written.", e);
        }
    }

    /** Leaves it to others. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new Failure(ExitCode.FOUND_WRONG, "The cursor file " + path + " can't be closed.", e);
        }
    }
}
