package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file behind an SQLite URL, which the benchmark makes and deletes. */
record SqliteFile(Path path) {
    private static final String SCHEME = "jdbc:sqlite:";

    /** Makes the file, empty, before a connection would; nothing if the URL is another database's. */
    static Optional<SqliteFile> create(String url) throws IOException {
        if (!url.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String name = url.substring(SCHEME.length()).replaceFirst("\\?.*", "");
        if (name.isEmpty() || name.startsWith(":") || name.startsWith("file:")) {
            throw new Refusal("The URL has to name a file that is not there yet, as in jdbc:sqlite:benchmark.db.");
        }
        try {
            return Optional.of(new SqliteFile(Files.createFile(Path.of(name))));
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(name + " exists, and nothing that exists is touched; name another file, or delete it.");
        }
    }

    void delete() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
        }
    }
}
