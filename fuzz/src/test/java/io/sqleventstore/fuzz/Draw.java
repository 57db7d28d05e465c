package io.sqleventstore.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Values made of a fuzzer's bytes: mostly such that something comes of them, now and then anything. */
public final class Draw {
    private static final int LONGEST_TEXT = 300;

    private final FuzzedDataProvider data;

    /** Takes the bytes from there. */
    public Draw(FuzzedDataProvider data) {
        this.data = data;
    }

    /** Whether there are bytes left. */
    public boolean hasMore() {
        return data.remainingBytes() > 0;
    }

    /** A number from 0, below that. */
    public int below(int bound) {
        return data.consumeInt(0, bound - 1);
    }

    /** Yes once in so many times. */
    public boolean once(int times) {
        return below(times) == times - 1;
    }

    /** One of these. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <T> T oneOf(T... values) {
        return values[below(values.length)];
    }

    /** One of these. */
    public <T> T oneOf(List<T> values) {
        return values.get(below(values.size()));
    }

    /** Any text, legal or not. */
    public String text() {
        return data.consumeString(below(LONGEST_TEXT));
    }

    /** One of these, now and then any. */
    public String textOr(String... usual) {
        return once(16) ? text() : oneOf(usual);
    }

    /** Some, {@code most} at most. */
    public <T> List<T> some(int most, Supplier<T> each) {
        List<T> some = new ArrayList<>();
        int size = below(most + 1);
        while (some.size() < size) {
            some.add(each.get());
        }
        return some;
    }

    /** Any number, near the ends of the range and near zero more often. */
    public long number() {
        return switch (below(4)) {
            case 0 -> data.consumeLong();
            case 1 -> Long.MAX_VALUE - below(3);
            case 2 -> Long.MIN_VALUE + below(3);
            default -> data.consumeLong(-3, 10);
        };
    }

    /** Any number of 32 bits. */
    public int smallNumber() {
        return once(4) ? data.consumeInt() : data.consumeInt(-2, 12_000);
    }

    /** Any length of time, also such as are longer than a {@code long} counts in milliseconds. */
    public Duration duration() {
        return switch (below(3)) {
            case 0 -> Duration.ofSeconds(number(), data.consumeLong(0, 999_999_999));
            case 1 -> Duration.ofMillis(number());
            default -> Duration.ofNanos(number());
        };
    }

    /** One of a few ids, so that they meet; now and then any. */
    public UUID id() {
        return once(8) ? new UUID(data.consumeLong(), data.consumeLong()) : new UUID(0, 1 + below(6));
    }

    /** A document; now and then something that is none. */
    public String document() {
        return textOr(
                "{}", "[]", "{\"a\":1}", "[1.0e0,\"\\u00e9\"]", " {\"\uD83D\uDE00\" : null}\n", "{\"a\":1,\"a\":2}");
    }
}
