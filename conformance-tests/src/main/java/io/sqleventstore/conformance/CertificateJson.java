package io.sqleventstore.conformance;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** A certificate as JSON, for programs. Each field is described in {@code certificate.schema.json}. */
final class CertificateJson {
    /** The schema's {@code $id}; its number grows when a reader of the former one would be misled. */
    static final String SCHEMA = "urn:sql-event-store:certificate:1";

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;

    private CertificateJson(JsonGenerator json) {
        this.json = json;
    }

    static String of(Certificate certificate) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(indenting(), text)) {
            new CertificateJson(json).write(certificate);
        }
        return text.append('\n').toString();
    }

    private static ObjectWriteContext indenting() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        PrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        return new ObjectWriteContext.Base() {
            @Override
            public PrettyPrinter getPrettyPrinter() {
                return printer;
            }

            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }
        };
    }

    private void write(Certificate it) {
        json.writeStartObject();
        json.writeStringProperty("$schema", SCHEMA);
        json.writeBooleanProperty("certified", it.certified());
        json.writeStringProperty("reason", it.reason());
        json.writeStringProperty("name", it.name());
        json.writeObjectPropertyStart("suite");
        json.writeStringProperty("version", it.suite().version());
        json.writeEndObject();
        database(it.database());
        strings("settings", it.settings());
        strings("host", it.host());
        json.writeStringProperty("began", it.began().toString());
        json.writeNumberProperty("millis", it.time().toMillis());
        json.writeArrayPropertyStart("clauses");
        it.clauses().forEach(this::clause);
        json.writeEndArray();
        json.writeArrayPropertyStart("tests");
        it.tests().forEach(this::test);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void database(Certificate.@Nullable Database it) {
        if (it == null) {
            json.writeNullProperty("database");
            json.writeNullProperty("driver");
            return;
        }
        json.writeObjectPropertyStart("database");
        json.writeStringProperty("dialect", it.dialect());
        json.writeStringProperty("product", it.product());
        json.writeStringProperty("version", it.version());
        json.writeEndObject();
        json.writeObjectPropertyStart("driver");
        json.writeStringProperty("name", it.driver().name());
        json.writeStringProperty("version", it.driver().version());
        json.writeEndObject();
    }

    private void clause(Certificate.Clause it) {
        json.writeStartObject();
        json.writeStringProperty("id", it.id());
        json.writeStringProperty("promise", it.promise());
        json.writeNumberProperty("tests", it.tests());
        json.writeStringProperty("outcome", Wording.outcome(it.outcome()));
        json.writeNumberProperty("rounds", it.rounds());
        json.writeNumberProperty("millis", it.time().toMillis());
        json.writeEndObject();
    }

    private void test(Certificate.Test it) {
        json.writeStartObject();
        json.writeStringProperty("name", it.name());
        strings("clauses", it.clauses());
        json.writeStringProperty("outcome", Wording.outcome(it.outcome()));
        json.writeNumberProperty("rounds", it.rounds());
        json.writeNumberProperty("millis", it.time().toMillis());
        json.writeStringProperty("failure", it.failure());
        json.writeEndObject();
    }

    private void strings(String name, Map<String, String> strings) {
        json.writeObjectPropertyStart(name);
        strings.forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    private void strings(String name, List<String> strings) {
        json.writeArrayPropertyStart(name);
        strings.forEach(json::writeString);
        json.writeEndArray();
    }
}
