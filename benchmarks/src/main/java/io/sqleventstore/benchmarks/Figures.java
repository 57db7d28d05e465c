package io.sqleventstore.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Measured values of one kind, one a round. */
final class Figures {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    /** The value of the last round. */
    double last() {
        return values.get(values.size() - 1);
    }

    /** The value that so many per cent of all don't exceed. */
    static double percentile(List<Double> values, int percent) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int index = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
        return sorted.get(Math.max(0, index));
    }

    private double median() {
        List<Double> negated = values.stream().map(value -> -value).toList();
        return (percentile(values, 50) - percentile(negated, 50))
                / 2; // of an even number, the middle of the middle two
    }

    /** The median with the least and the greatest value, each with so many decimals. */
    String show(int decimals) {
        String number = "%." + decimals + "f";
        String pattern = number + " (" + number + "–" + number + ")";
        return String.format(Locale.ROOT, pattern, median(), percentile(values, 0), percentile(values, 100));
    }
}
