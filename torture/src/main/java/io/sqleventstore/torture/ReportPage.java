package io.sqleventstore.torture;

import io.sqleventstore.torture.Report.Phase;
import io.sqleventstore.torture.Report.Second;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A report as one HTML page that needs nothing but itself. */
final class ReportPage {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final int WIDTH = 900;
    private static final int LEFT = 150;
    private static final int CHART = 160;
    private static final int ROW = 16;
    private static final int BELOW = 24;

    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private ReportPage(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        return new ReportPage(report).render();
    }

    private String render() {
        String verdict = report.holds()
                ? "Nothing was lost, doubled, skipped or reordered"
                : "The store did not keep its promises";
        add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        add(
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s: %s</title>\n<style>\n%s</style>\n</head>\n",
                report.database(), verdict, Raw.of(css()));
        add("<body style=\"--verdict: var(--%s)\">\n<main>\n<header>\n", report.holds() ? "good" : "bad");
        add("<h1>%s under faults</h1>\n<p class=\"verdict\">%s</p>\n", report.version(), verdict);
        add(
                "<p class=\"quiet\">%s, %s seconds of faults, seed %s, %s processors</p>\n",
                MINUTE.format(report.began()), report.faultsLasted().toSeconds(), report.seed(), report.processors());
        if (!report.durability().isEmpty()) {
            add("<p class=\"quiet\">%s</p>\n", report.durability());
        }
        figures();
        add("</header>\n");
        violations();
        timeline();
        phases();
        table("Faults", "What", report.faults());
        table("Attempts to append", "Outcome", report.outcomes());
        table("Exceptions", "With the database's code", report.exceptions());
        add("</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private static String css() {
        try (InputStream file = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is markup already. */
    private record Raw(String text) {
        static Raw of(String text) {
            return new Raw(text);
        }
    }

    private void add(String format, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] = values[i] instanceof Raw raw ? raw.text() : escaped(String.valueOf(values[i]));
        }
        html.append(String.format(Locale.ROOT, format, escaped));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String number(long number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    private static String decimal(double number) {
        return String.format(Locale.ENGLISH, "%,.1f", number);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void figures() {
        add("<dl class=\"figures\">\n");
        figure("faults", sum(report.faults()));
        figure("attempts to append", sum(report.outcomes()));
        figure(
                "of unknown outcome",
                report.outcomes().entrySet().stream()
                        .filter(outcome -> outcome.getKey().startsWith("unknown"))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
        figure("events stored", report.events());
        figure("positions void", report.voids());
        figure("deliveries by tails", report.deliveries());
        figure("replays compared", report.replays());
        figure("violations", report.violations().size());
        add("</dl>\n");
    }

    private void figure(String what, long number) {
        add("<div><dt>%s</dt><dd>%s</dd></div>\n", what, number(number));
    }

    private void violations() {
        if (report.holds()) {
            return;
        }
        add("<h2>Violations</h2>\n<table class=\"wrong\">\n<tr><th>Rule</th><th>Clauses</th><th>What</th></tr>\n");
        for (Violation each : report.violations()) {
            add(
                    "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                    each.rule(), each.rule().clauses(), each.what());
        }
        add("</table>\n");
    }

    private void timeline() {
        List<Second> seconds = report.seconds();
        List<String> kinds = List.copyOf(report.faults().keySet());
        double step = (WIDTH - LEFT) / (double) Math.max(1, seconds.size());
        long most = Math.max(
                1, seconds.stream().mapToLong(Second::acknowledged).max().orElse(1));
        double longest = Math.max(
                1, seconds.stream().mapToDouble(Second::longestLagMillis).max().orElse(1));
        int height = CHART + BELOW + kinds.size() * ROW + BELOW;
        add(
                "<h2>The run by the second</h2>\n<figure>\n<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"Appends a second, longest lag of a tail, and faults\">\n",
                WIDTH, height);
        add(
                "<text x=\"0\" y=\"12\">appends/s, up to %s</text>\n<text x=\"0\" y=\"28\">longest lag, up to %s s</text>\n",
                number(most), decimal(longest / 1_000));
        StringBuilder lag = new StringBuilder();
        for (int i = 0; i < seconds.size(); i++) {
            double bar = CHART * seconds.get(i).acknowledged() / (double) most;
            add(
                    "<rect class=\"bar\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"><title>second %s: %s appends</title></rect>\n",
                    point(LEFT + i * step),
                    point(CHART - bar),
                    point(Math.max(0.5, step - 0.5)),
                    point(bar),
                    i,
                    number(seconds.get(i).acknowledged()));
            lag.append(i == 0 ? "M" : "L")
                    .append(point(LEFT + (i + 0.5) * step))
                    .append(' ')
                    .append(point(CHART - CHART * seconds.get(i).longestLagMillis() / longest));
        }
        add(
                "<path class=\"lag\" d=\"%s\"/>\n<line class=\"axis\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                lag, LEFT, CHART, WIDTH, CHART);
        for (int row = 0; row < kinds.size(); row++) {
            faults(kinds.get(row), CHART + BELOW + row * ROW, step);
        }
        add(
                "<text x=\"%s\" y=\"%s\">0 s</text>\n<text x=\"%s\" y=\"%s\" text-anchor=\"end\">%s s</text>\n",
                LEFT, height - 6, WIDTH, height - 6, seconds.size());
        add(
                "</svg>\n<figcaption>Bars: appends that were acknowledged. Line: how long after that the latest event of the second reached a tail. Below: faults, larger where there were more.</figcaption>\n</figure>\n");
    }

    private void faults(String kind, int y, double step) {
        add("<text x=\"0\" y=\"%s\">%s</text>\n", y + 4, kind);
        for (int i = 0; i < report.seconds().size(); i++) {
            long count = report.seconds().get(i).faults().getOrDefault(kind, 0L);
            if (count > 0) {
                add(
                        "<circle class=\"fault\" cx=\"%s\" cy=\"%s\" r=\"%s\"><title>second %s: %s</title></circle>\n",
                        point(LEFT + (i + 0.5) * step),
                        y,
                        point(Math.min(6, 1.5 + Math.sqrt((double) count))),
                        i,
                        count);
            }
        }
    }

    private static String point(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private void phases() {
        add(
                "<h2>Throughput and lag</h2>\n<table>\n<tr><th></th><th class=\"n\">appends/s</th><th class=\"n\">lag p50, ms</th><th class=\"n\">lag p99, ms</th></tr>\n");
        phase("before the faults", report.before());
        phase("during", report.during());
        phase("after", report.after());
        add("</table>\n");
    }

    private void phase(String name, Phase phase) {
        add(
                "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
                name, decimal(phase.appendsPerSecond()), decimal(phase.lagP50Millis()), decimal(phase.lagP99Millis()));
    }

    private void table(String title, String what, Map<String, Long> counts) {
        add("<h2>%s</h2>\n<table>\n<tr><th>%s</th><th class=\"n\">how many</th></tr>\n", title, what);
        counts.forEach((name, count) -> add("<tr><td>%s</td><td class=\"n\">%s</td></tr>\n", name, number(count)));
        add("</table>\n");
    }
}
