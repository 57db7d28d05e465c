package io.sqleventstore.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How numbers are written for people, in the page and on the command line. */
public final class Numbers {
    private Numbers() {}

    /**
     * {@return what there is of something in a second; whole where it is many, as cold starts are not}
     *
     * @param value 0 or more
     */
    public static String rate(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }

    /**
     * {@return a multiple, where it is known}
     *
     * @param value null where it is not
     */
    public static String ratio(@Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%,.2f", value);
    }

    /**
     * {@return a whole number, where it is known}
     *
     * @param value null where it is not
     */
    public static String count(@Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%,.0f", value);
    }
}
