package io.sqleventstore.benchmarks;

import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Results as a JSON array, an object on a line. */
final class ReportJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final double THOUSAND = 1_000;

    private ReportJson() {}

    static String of(Report report) {
        return String.join(
                        ",\n",
                        report.results().stream()
                                .map(result -> line(result, report.sizes(result)))
                                .toList())
                .indent(2)
                .transform(lines -> "[\n" + lines + "]\n");
    }

    private static String line(Result result, List<Size> sizes) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("workload", result.workload());
            json.writeStringProperty("subject", result.subject().label());
            json.writeNumberProperty("threads", result.threads());
            json.writeNumberProperty("batch", result.batch());
            json.writeNumberProperty(
                    "eventsPerSecond", rounded(result.eventsPerSecond().median()));
            json.writeNumberProperty(
                    "eventsPerSecondLeast", rounded(result.eventsPerSecond().least()));
            json.writeNumberProperty(
                    "eventsPerSecondGreatest", rounded(result.eventsPerSecond().greatest()));
            json.writeNumberProperty("p50Micros", rounded(result.p50Micros().median()));
            json.writeNumberProperty("p99Micros", rounded(result.p99Micros().median()));
            json.writeNumberProperty("floorA", rounded(result.floorA()));
            json.writeNumberProperty("floorB", rounded(result.floorB()));
            json.writeNumberProperty("library", rounded(result.library()));
            json.writeNumberProperty("refused", result.refused());
            json.writeNumberProperty("missed", result.missed());
            writeWhole(json, "bytesPerEvent", result.bytesPerEvent());
            if (!sizes.isEmpty()) {
                json.writeName("sizes");
                json.writeStartArray();
                sizes.forEach(size -> write(json, size));
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void writeWhole(JsonGenerator json, String name, @Nullable Double value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, Math.round(value));
        }
    }

    private static void write(JsonGenerator json, Size size) {
        json.writeStartObject();
        json.writeStringProperty("part", size.part());
        json.writeNumberProperty("bytesBefore", size.bytesBefore());
        json.writeNumberProperty("bytesAfter", size.bytesAfter());
        json.writeNumberProperty("eventsBefore", size.eventsBefore());
        json.writeNumberProperty("eventsAfter", size.eventsAfter());
        json.writeEndObject();
    }

    private static double rounded(double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }
}
