package io.sqleventstore.torture;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of notes, one JSON object a line. A line is handed to the operating system before {@link #add} returns, so that it outlives the
 * process; one that the process's end has torn is the file's last. Safe for use by many threads.
 */
final class Notes implements Closeable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OutputStream file;

    Notes(Path path) throws IOException {
        file = Files.newOutputStream(path); // unbuffered
    }

    synchronized void add(Note note) {
        try {
            file.write((JSON.writerFor(Note.class).writeValueAsString(note) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    /** What is noted in that file; nothing if it is not there. */
    static List<Note> read(Path path) throws IOException {
        List<Note> notes = new ArrayList<>();
        if (!Files.exists(path)) {
            return notes;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    notes.add(JSON.readValue(line, Note.class));
                } catch (JacksonException torn) {
                    if (lines.read() >= 0 || isWhole(path)) {
                        throw new IOException(path + ", line " + (notes.size() + 1) + ": no note", torn);
                    }
                }
            }
        }
        return notes;
    }

    /** Whether its last line has an end. */
    private static boolean isWhole(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(file.length() - 1);
            return file.read() == '\n';
        }
    }
}
