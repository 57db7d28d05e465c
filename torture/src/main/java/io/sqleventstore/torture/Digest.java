package io.sqleventstore.torture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.sqleventstore.torture.FinalLedger.Fact;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The first 128 bits of a SHA-256, or a sum of such, modulo 2^128. The sum of a range of events is the difference of two sums from the
 * beginning of the ledger, so any replay is compared without hashing again. That is enough because an event's position is part of what is
 * hashed: who reads another event, or the same elsewhere, or one twice, has another sum, but for a chance of about 2^-128; that
 * the order was right is for the {@link Reading} to say. Who chose events to make sums collide might succeed, but a fault
 * chooses nothing.
 */
record Digest(long high, long low) {
    /** Of no event. */
    static final Digest NONE = new Digest(0, 0);

    private static final int HALF = 16;
    private static final int WHOLE = 32;

    /** As {@link #toString} wrote it. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Digest parse(String hex) {
        return new Digest(Long.parseUnsignedLong(hex, 0, HALF, HALF), Long.parseUnsignedLong(hex, HALF, WHOLE, HALF));
    }

    static Digest of(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
        return new Digest(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    Digest plus(Digest other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new Digest(high + other.high + carry, sum);
    }

    Digest minus(Digest other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new Digest(high - other.high - borrow, low - other.low);
    }

    @JsonValue
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /** What somebody has read so far who reads everything from a position on. */
    static final class Reading {
        private final long from;
        private long last;
        private long events;
        private boolean ascending = true;
        private Digest sum = NONE;

        Reading(long from) {
            this.from = from;
            this.last = from - 1;
        }

        /** The next event. */
        void add(Fact fact) {
            ascending &= fact.position() > last;
            last = Math.max(last, fact.position());
            events++;
            sum = sum.plus(fact.digest());
        }

        /** The highest position that was read; the one before the first that was asked for if there was none. */
        long last() {
            return last;
        }

        /** What is to be noted of it. */
        Note.Replayed ended(long began, long at) {
            return new Note.Replayed(began, at, from, last, events, ascending, sum);
        }
    }
}
