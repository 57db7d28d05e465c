package io.sqleventstore.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The library as a multiple of each floor, for all workloads; floors were measured. */
final class RatioChart {
    private static final int WIDTH = 900;
    private static final int LEFT = 230;
    private static final int BARS_WIDTH = 540;
    private static final int ROW = 34;
    private static final int BAR = 12;
    private static final int GAP = 8;
    private static final int BASELINE = 10;

    /** What is more than so many times as fast is cut off. */
    private static final double MOST = 2;

    private final Html html;

    RatioChart(Html html) {
        this.html = html;
    }

    void draw(Map<String, Result> library) {
        int height = ROW * library.size() + ROW;
        html.add(
                "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"The library as a multiple of both floors\">\n",
                WIDTH, height);
        List<Result> results = List.copyOf(library.values());
        for (int i = 0; i < results.size(); i++) {
            bar(i * ROW, measured(results.get(i).floorA()), Subject.FLOOR_A);
            bar(i * ROW + BAR + 1, measured(results.get(i).floorB()), Subject.FLOOR_B);
        }
        double one = LEFT + BARS_WIDTH / MOST;
        html.add(
                "<line class=\"one\" x1=\"%s\" y1=\"0\" x2=\"%s\" y2=\"%s\"/>\n",
                Html.point(one), Html.point(one), height - ROW + GAP);
        html.add("<text x=\"%s\" y=\"%s\" text-anchor=\"middle\">1</text>\n", Html.point(one), height - GAP);
        List<String> titles = List.copyOf(library.keySet());
        for (int i = 0; i < results.size(); i++) {
            html.add("<text x=\"0\" y=\"%s\">%s</text>\n", i * ROW + BAR + BASELINE / 2, titles.get(i));
            label(i * ROW, measured(results.get(i).floorA()), " of floor A");
            label(i * ROW + BAR + 1, measured(results.get(i).floorB()), " of floor B");
        }
        html.add("</svg>\n");
    }

    private static double measured(@Nullable Double ratio) {
        return Objects.requireNonNull(ratio);
    }

    private void bar(int y, double ratio, Subject floor) {
        html.add(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n",
                floor.label(), LEFT, y, Html.point(width(ratio)), BAR);
    }

    /** After the line, which it interrupts. */
    private void label(int y, double ratio, String what) {
        html.add(
                "<text x=\"%s\" y=\"%s\">%s</text>\n",
                Html.point(LEFT + width(ratio) + GAP), y + BASELINE, Numbers.ratio(ratio) + what);
    }

    private static double width(double ratio) {
        return Math.min(MOST, ratio) * BARS_WIDTH / MOST;
    }
}
