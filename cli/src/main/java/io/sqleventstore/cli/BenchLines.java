package io.sqleventstore.cli;

import io.sqleventstore.benchmarks.Bench;
import io.sqleventstore.benchmarks.Figures;
import io.sqleventstore.benchmarks.Numbers;
import io.sqleventstore.benchmarks.Report;
import io.sqleventstore.benchmarks.ReportFiles;
import io.sqleventstore.benchmarks.Result;
import io.sqleventstore.benchmarks.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was measured, as rows of a table in Markdown, or as JSON; each as soon as it is there. What is under way is on standard error. */
final class BenchLines implements Bench.Listener {
    private static final double MICROS_PER_MILLI = 1e3;

    private final Output output;
    private final @Nullable Path folder;

    /** The folder is the report's, if there is to be one. */
    BenchLines(Output output, @Nullable Path folder) {
        this.output = output;
        this.folder = folder;
    }

    @Override
    public void began(Map<String, String> facts) {
        facts.forEach((name, value) -> output.line("- `%s`: %s", name, value));
        output.line("");
        output.line(
                "| workload | threads | events each | | events/s (least–greatest) | p50, ms | p99, ms | of floor A | of floor B | library ÷ this | refused | missed | bytes/event |");
        output.line("|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    }

    @Override
    public void progress(String what) {
        output.errors().println(what);
    }

    @Override
    public void measured(List<Result> results, Report soFar) throws IOException {
        results.forEach(this::row);
        results.forEach(result -> output.result(facts(result)));
        if (folder != null) {
            ReportFiles.write(soFar, folder);
        }
    }

    /** What tables and indexes take on the disk, if that was looked at. */
    void sizes(List<Size> sizes) {
        if (sizes.isEmpty()) {
            return;
        }
        output.line("");
        output.line(
                "| | table or index | events, before | after | bytes, before | after | bytes per event, before | after |");
        output.line("|---|---|--:|--:|--:|--:|--:|--:|");
        sizes.forEach(this::row);
        sizes.forEach(size -> output.result(facts(size)));
    }

    private void row(Size size) {
        output.line(
                "| %s | `%s` | %,d | %,d | %,d | %,d | %.1f | %.1f |",
                size.subject().label(),
                size.part(),
                size.eventsBefore(),
                size.eventsAfter(),
                size.bytesBefore(),
                size.bytesAfter(),
                size.perEventBefore(),
                size.perEventAfter());
    }

    private static Facts facts(Size size) {
        return Facts.of("subject", size.subject().label())
                .and("part", size.part())
                .and("bytesBefore", size.bytesBefore())
                .and("bytesAfter", size.bytesAfter())
                .and("eventsBefore", size.eventsBefore())
                .and("eventsAfter", size.eventsAfter());
    }

    private void row(Result result) {
        Figures rate = result.eventsPerSecond();
        output.line(
                "| %s | %d | %d | %s | %s (%s–%s) | %.2f | %.2f | %s | %s | %s | %d | %d | %s |",
                result.workload(),
                result.threads(),
                result.batch(),
                result.subject().label(),
                Numbers.rate(rate.median()),
                Numbers.rate(rate.least()),
                Numbers.rate(rate.greatest()),
                result.p50Micros().median() / MICROS_PER_MILLI,
                result.p99Micros().median() / MICROS_PER_MILLI,
                Numbers.ratio(result.floorA()),
                Numbers.ratio(result.floorB()),
                Numbers.ratio(result.library()),
                result.refused(),
                result.missed(),
                Numbers.count(result.bytesPerEvent()));
    }

    private static Facts facts(Result result) {
        return Facts.of("workload", result.workload())
                .and("subject", result.subject().label())
                .and("threads", result.threads())
                .and("batch", result.batch())
                .and("eventsPerSecond", result.eventsPerSecond().median())
                .and("p50Micros", result.p50Micros().median())
                .and("p99Micros", result.p99Micros().median())
                .and("floorA", result.floorA())
                .and("floorB", result.floorB())
                .and("library", result.library())
                .and("refused", result.refused())
                .and("missed", result.missed())
                .and("bytesPerEvent", result.bytesPerEvent());
    }
}
