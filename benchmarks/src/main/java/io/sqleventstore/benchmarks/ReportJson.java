package io.sqleventstore.benchmarks;

import java.io.StringWriter;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Results as a JSON array, an object on a line. */
final class ReportJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final double THOUSAND = 1_000;

    private ReportJson() {}

    static String results(Report report) {
        return array(report.results(), ReportJson::write);
    }

    static String sizes(Report report) {
        return array(report.sizes(), ReportJson::write);
    }

    private static <T> String array(List<T> objects, BiConsumer<JsonGenerator, T> writer) {
        return String.join(
                        ",\n", objects.stream().map(each -> line(each, writer)).toList())
                .indent(2)
                .transform(lines -> "[\n" + lines + "]\n");
    }

    private static <T> String line(T object, BiConsumer<JsonGenerator, T> writer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            writer.accept(json, object);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Result result) {
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
        writeRatio(json, "floorA", result.floorA());
        writeRatio(json, "floorB", result.floorB());
        json.writeNumberProperty("library", rounded(result.library()));
        json.writeNumberProperty("refused", result.refused());
        json.writeNumberProperty("missed", result.missed());
        writeWhole(json, "bytesPerEvent", result.bytesPerEvent());
    }

    private static void writeRatio(JsonGenerator json, String name, @Nullable Double value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, rounded(value));
        }
    }

    private static void writeWhole(JsonGenerator json, String name, @Nullable Double value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, Math.round(value));
        }
    }

    private static void write(JsonGenerator json, Size size) {
        json.writeStringProperty("subject", size.subject().label());
        json.writeStringProperty("part", size.part());
        json.writeNumberProperty("bytesBefore", size.bytesBefore());
        json.writeNumberProperty("bytesAfter", size.bytesAfter());
        json.writeNumberProperty("eventsBefore", size.eventsBefore());
        json.writeNumberProperty("eventsAfter", size.eventsAfter());
    }

    private static double rounded(double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }
}
