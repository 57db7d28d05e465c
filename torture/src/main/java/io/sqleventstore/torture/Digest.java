package io.sqleventstore.torture;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** SHA-256 of texts, and of the order of events. */
final class Digest {
    private final MessageDigest sha256 = sha256();
    private long events;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    static String of(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    void add(long position, UUID id) {
        sha256.update((position + " " + id + "\n").getBytes(StandardCharsets.US_ASCII));
        events++;
    }

    long events() {
        return events;
    }

    /** Of what was added; nothing can be added after it. */
    String end() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
