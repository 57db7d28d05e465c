package io.sqleventstore.benchmarks;

import java.util.Map;

/** The library as a multiple of each floor, for all workloads. */
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
        int y = 0;
        for (Map.Entry<String, Result> each : library.entrySet()) {
            html.add("<text x=\"0\" y=\"%s\">%s</text>\n", y + BAR + BASELINE / 2, each.getKey());
            bar(y, each.getValue().floorA(), Subject.FLOOR_A.label(), " of floor A");
            bar(y + BAR + 1, each.getValue().floorB(), Subject.FLOOR_B.label(), " of floor B");
            y += ROW;
        }
        double one = LEFT + BARS_WIDTH / MOST;
        html.add(
                "<line class=\"one\" x1=\"%s\" y1=\"0\" x2=\"%s\" y2=\"%s\"/>\n",
                Html.point(one), Html.point(one), height - ROW + GAP);
        html.add("<text x=\"%s\" y=\"%s\" text-anchor=\"middle\">1</text>\n</svg>\n", Html.point(one), height - GAP);
    }

    private void bar(int y, double ratio, String style, String what) {
        double width = Math.min(MOST, ratio) * BARS_WIDTH / MOST;
        html.add(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n",
                style, LEFT, y, Html.point(width), BAR);
        html.add(
                "<text x=\"%s\" y=\"%s\">%s</text>\n",
                Html.point(LEFT + width + GAP), y + BASELINE, Html.ratio(ratio) + what);
    }
}
