package io.sqleventstore.cli;

import io.sqleventstore.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that holds a consumer's cursor. Whoever reads it finds a whole one, the one before or the newest. */
record CursorFile(Path path) {
    /** What is in it; a file that isn't there yet is before the first event. */
    Cursor read() {
        if (!Files.exists(path)) {
            checkFolder();
            return Cursor.START;
        }
        try {
            return new Cursor(Files.readString(path).strip());
        } catch (IOException e) {
            throw new Failure(ExitCode.USAGE, "The cursor file " + path + " can't be read.", e);
        }
    }

    /** A follower would notice only when the first event comes, perhaps much later. */
    private void checkFolder() {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isWritable(folder)) {
            throw new Failure(ExitCode.USAGE, "The cursor file " + path + " can't be written in its folder.");
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
}
