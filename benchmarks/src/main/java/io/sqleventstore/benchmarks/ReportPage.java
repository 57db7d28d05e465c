package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A report as one HTML page that needs nothing but itself. */
final class ReportPage {
    private static final double MIB = 1 << 20;
    private static final String WITHOUT_FLOORS = "Each workload was run by the library alone.";
    private static final String WITH_FLOORS =
            "Each workload was run by the library and by two floors, in turn, on the same server and in the same minutes."
                    + " <b>Floor A</b> is JDBC by hand into the library's own tables: what lies below it is what the library costs."
                    + " <b>Floor B</b> is JDBC by hand into a table that has a primary key, a unique event id and a unique append key only:"
                    + " what lies between the floors is what the other rules cost. Read the ratios; the figures beside them are the machine's.";

    private final Report report;
    private final Map<String, List<Result>> contests;
    private final Html html = new Html();

    private ReportPage(Report report) {
        this.report = report;
        this.contests = report.results().stream()
                .collect(Collectors.groupingBy(ReportPage::title, LinkedHashMap::new, Collectors.toList()));
    }

    static String of(Report report) {
        return new ReportPage(report).render();
    }

    private static String title(Result result) {
        return result.threads() == 1 ? result.workload() : result.workload() + ", " + result.threads() + " threads";
    }

    private String render() {
        html.add(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Benchmarks of SQL Event Store</title>\n");
        html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.add(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
        html.add("<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", css());
        header();
        if (hasFloors()) {
            overview();
        }
        contests.forEach(this::contest);
        sizes();
        html.add("</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private static Html.Raw css() {
        try (InputStream file = ReportPage.class.getResourceAsStream("bench.css")) {
            return new Html.Raw(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasFloors() {
        return report.results().stream().anyMatch(result -> result.floorA() != null);
    }

    private void header() {
        html.add("<header>\n<h1>What the store costs</h1>\n");
        html.add("<p>%s</p>\n<dl>\n", new Html.Raw(hasFloors() ? WITH_FLOORS : WITHOUT_FLOORS));
        report.facts().forEach((name, value) -> html.add("<dt>%s</dt><dd>%s</dd>\n", name, value));
        html.add("</dl>\n</header>\n");
    }

    private void overview() {
        html.add("<section>\n<h2>The library, as a multiple of the floors</h2>\n<figure>\n");
        Map<String, Result> library = new LinkedHashMap<>();
        contests.forEach((title, results) -> results.stream()
                .filter(result -> result.subject().equals(Subject.LIBRARY))
                .forEach(result -> library.put(title, result)));
        new RatioChart(html).draw(library);
        html.add(
                "<figcaption>Events per second, medians. The line is the floor itself; further right is faster. A bar that is cut off goes on.</figcaption>\n</figure>\n</section>\n");
    }

    private void contest(String title, List<Result> results) {
        html.add(
                "<section>\n<h2>%s</h2>\n<p>%s</p>\n<figure>\n",
                title, results.get(0).description());
        new ContestChart(html).draw(results);
        html.add(
                "<figcaption>Left: events per second, the median of the rounds, with the least and the greatest. Right: milliseconds of an operation, p50 within p99.</figcaption>\n</figure>\n");
        html.add(
                "<table>\n<tr><th></th><th>events/s</th><th>p50, ms</th><th>p99, ms</th><th>of floor A</th><th>of floor B</th><th>library ÷ this</th><th>refused</th><th>missed</th><th>bytes/event</th></tr>\n");
        results.forEach(this::row);
        html.add("</table>\n");
        html.add("</section>\n");
    }

    private void sizes() {
        if (report.sizes().isEmpty()) {
            return;
        }
        html.add(
                "<section>\n<h2>On the disk, before and after all workloads</h2>\n<table>\n<tr><th></th><th>table or index</th><th>bytes per event, before</th><th>after</th><th>MiB, before</th><th>after</th></tr>\n");
        for (Size size : report.sizes()) {
            html.add(
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                    size.subject().title(),
                    size.part(),
                    Numbers.rate(size.perEventBefore()),
                    Numbers.rate(size.perEventAfter()),
                    Numbers.rate(size.bytesBefore() / MIB),
                    Numbers.rate(size.bytesAfter() / MIB));
        }
        html.add("</table>\n</section>\n");
    }

    private void row(Result result) {
        Figures rate = result.eventsPerSecond();
        html.add(
                "<tr><td>%s</td><td>%s <small>(%s–%s)</small></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                result.subject().title(),
                Numbers.rate(rate.median()),
                Numbers.rate(rate.least()),
                Numbers.rate(rate.greatest()),
                Html.millis(result.p50Micros().median()),
                Html.millis(result.p99Micros().median()),
                Numbers.ratio(result.floorA()),
                Numbers.ratio(result.floorB()),
                Numbers.ratio(result.library()),
                result.refused(),
                result.missed(),
                Numbers.count(result.bytesPerEvent()));
    }
}
