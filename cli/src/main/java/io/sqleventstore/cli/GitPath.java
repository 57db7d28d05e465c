package io.sqleventstore.cli;

import io.sqleventstore.Entity;
import io.sqleventstore.InvalidEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A path in a git tree: bytes, usually but not always UTF-8.
 *
 * @param latin1 the bytes, one character each
 */
record GitPath(String latin1) implements Comparable<GitPath> {
    static final String ENTITY = "file";

    private static final String HASHED = "sha256:";

    static GitPath of(byte[] bytes) {
        return new GitPath(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static GitPath ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    static GitPath ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** The path as text, or null if its bytes are no UTF-8. */
    @Nullable
    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The entity whose key is the path where it can be a key, else {@code sha256:} and the hash of its bytes. */
    Entity entity() {
        String text = text();
        if (text != null && !text.startsWith(HASHED)) {
            try {
                return Entity.of(ENTITY, text);
            } catch (InvalidEvent e) {
                // blank at an end, '~' at the beginning, too long: no key
            }
        }
        return Entity.of(ENTITY, HASHED + Sha256.hex(bytes()));
    }

    /** Byte by byte, as git sorts. */
    @Override
    public int compareTo(GitPath other) {
        return latin1.compareTo(other.latin1);
    }

    /** For a person: control characters are masked. */
    @Override
    public String toString() {
        String text = text();
        return text == null ? "bytes " + hex() : text.replaceAll("\\p{Cntrl}", "?");
    }
}
