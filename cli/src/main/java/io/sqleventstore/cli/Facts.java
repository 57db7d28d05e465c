package io.sqleventstore.cli;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** What a command has to say to a program: names with texts, numbers, truth values, lists of texts or of facts. */
final class Facts {
    private final Map<String, @Nullable Object> facts = new LinkedHashMap<>();

    static Facts of(String name, @Nullable Object value) {
        return new Facts().and(name, value);
    }

    /** Adds one, after the others. */
    Facts and(String name, @Nullable Object value) {
        facts.put(name, value);
        return this;
    }

    /** As a JSON object on a line. */
    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json);
        }
        return text.toString();
    }

    private void write(JsonGenerator json) {
        json.writeStartObject();
        facts.forEach((name, value) -> {
            json.writeName(name);
            write(json, value);
        });
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        if (value instanceof Facts facts) {
            facts.write(json);
        } else if (value instanceof Iterable<?> values) {
            json.writeStartArray();
            values.forEach(each -> write(json, each));
            json.writeEndArray();
        } else if (value instanceof Double fraction) {
            json.writeNumber(fraction);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value.toString());
        }
    }
}
