package io.sqleventstore.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8, one at a time: JSON Lines end with a line feed, and hold none. */
final class LineReader implements AutoCloseable {
    /** Two documents of 16 MiB, every byte of them as a six-byte escape, and some more. */
    private static final int LONGEST_LINE = 200 * 1024 * 1024;

    private static final String STANDARD_INPUT = "-";

    private final InputStream stream;
    private long number;

    LineReader(InputStream stream) {
        this.stream = new BufferedInputStream(stream, 64 * 1024);
    }

    /** The lines of a file, or of standard input if it is called {@code -}. */
    static LineReader open(String file) {
        return new LineReader(isStandardInput(file) ? System.in : stream(file));
    }

    static boolean isStandardInput(String file) {
        return file.equals(STANDARD_INPUT);
    }

    private static InputStream stream(String file) {
        try {
            return Files.newInputStream(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new Failure(ExitCode.USAGE, "There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new Failure(ExitCode.USAGE, "The file " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** A line without its line feed. */
    static final class Line {
        private final long number;
        private final byte[] bytes;

        private Line(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        /** Its number, from 1. */
        long number() {
            return number;
        }

        /** Counts it, and its line feed, for a digest. */
        void digest(MessageDigest digest) {
            digest.update(bytes);
            digest.update((byte) '\n');
        }

        /** The line as text. */
        String text() {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new BadLine(number, "it is no UTF-8.");
            }
        }

        boolean isBlank() {
            for (byte each : bytes) {
                if (each != ' ' && each != '\t' && each != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    /** The next line, or null after the last. */
    @Nullable
    Line next() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream(512);
            int b = stream.read();
            if (b < 0) {
                return null;
            }
            number++;
            for (; b >= 0 && b != '\n'; b = stream.read()) {
                line.write(b);
                if (line.size() > LONGEST_LINE) {
                    throw new BadLine(number, "it is longer than any event can be.");
                }
            }
            return new Line(number, line.toByteArray());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FOUND_WRONG, "The input can't be read after line " + number + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new Failure(ExitCode.FOUND_WRONG, "The input can't be closed: " + e.getMessage(), e);
        }
    }
}
