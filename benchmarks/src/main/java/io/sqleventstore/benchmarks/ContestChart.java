package io.sqleventstore.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** One workload: bars for the library and both floors. */
final class ContestChart {
    private static final int WIDTH = 900;
    private static final int ROW = 30;
    private static final int BAR = 16;
    private static final int RATES = 225;
    private static final int RATES_WIDTH = 260;
    private static final int TIMES = 585;
    private static final int TIMES_WIDTH = 190;
    private static final int GAP = 8;
    private static final int BASELINE = 12;

    private final Html html;

    ContestChart(Html html) {
        this.html = html;
    }

    void draw(List<Result> results) {
        double fastest = most(results, result -> result.eventsPerSecond().greatest());
        double longest = most(results, result -> result.p99Micros().median());
        html.add(
                "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"Events per second and times of %s\">\n",
                WIDTH, ROW * results.size(), results.get(0).workload());
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            text(0, i, result.subject().title());
            rates(i, result.eventsPerSecond(), RATES_WIDTH / fastest, result.subject());
            times(i, result, TIMES_WIDTH / longest);
        }
        html.add("</svg>\n");
    }

    private static double most(List<Result> results, ToDoubleFunction<Result> value) {
        return Math.max(1e-9, results.stream().mapToDouble(value).max().orElse(1));
    }

    private void rates(int row, Figures rate, double scale, Subject subject) {
        bar(RATES, row, rate.median() * scale, subject.label());
        int middle = row * ROW + ROW / 2;
        html.add(
                "<line class=\"range\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                Html.point(RATES + rate.least() * scale), middle, Html.point(RATES + rate.greatest() * scale), middle);
        text(RATES + rate.greatest() * scale + GAP, row, Numbers.rate(rate.median()) + "/s");
    }

    private void times(int row, Result result, double scale) {
        double p50 = result.p50Micros().median();
        double p99 = result.p99Micros().median();
        bar(TIMES, row, p99 * scale, "p99");
        bar(TIMES, row, p50 * scale, "p50");
        text(TIMES + p99 * scale + GAP, row, Html.millis(p50) + " / " + Html.millis(p99) + " ms");
    }

    private void bar(double x, int row, double width, String style) {
        html.add(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n",
                style, Html.point(x), row * ROW + (ROW - BAR) / 2, Html.point(Math.max(0.5, width)), BAR);
    }

    private void text(double x, int row, String text) {
        html.add("<text x=\"%s\" y=\"%s\">%s</text>\n", Html.point(x), row * ROW + (ROW - BAR) / 2 + BASELINE, text);
    }
}
