package io.sqleventstore.benchmarks;

import java.util.Locale;

/** Markup, piece by piece; values are escaped. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** What is markup already. */
    record Raw(String text) {}

    void add(String format, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] = values[i] instanceof Raw raw ? raw.text() : escaped(String.valueOf(values[i]));
        }
        text.append(String.format(Locale.ROOT, format, escaped));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A place in a drawing. */
    static String point(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** Of microseconds, so many milliseconds. */
    static String millis(double micros) {
        return String.format(Locale.ENGLISH, micros < 10_000 ? "%,.2f" : "%,.0f", micros / 1e3);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
