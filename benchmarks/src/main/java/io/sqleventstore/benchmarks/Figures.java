package io.sqleventstore.benchmarks;

import java.util.List;

/**
 * Measured values of one kind, one a round.
 *
 * @param median the one in the middle
 * @param least the least
 * @param greatest the greatest
 */
public record Figures(double median, double least, double greatest) {
    static Figures of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Figures(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
