package io.sqleventstore.cli;

import io.sqleventstore.StoredEvent;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An event as a line of JSON. */
final class EventJson {
    static final JsonFactory JSON = new JsonFactory();

    private EventJson() {}

    /** Data and metadata stand in it as they were given, but for line breaks between their tokens. */
    static String line(StoredEvent event) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeNumberProperty("position", event.position());
            json.writeStringProperty("id", event.id().toString());
            json.writeStringProperty("entity", event.entity().name());
            json.writeStringProperty("key", event.entity().key());
            json.writeNumberProperty("revision", event.revision());
            json.writeName("previousId");
            if (event.previousId() == null) {
                json.writeNull();
            } else {
                json.writeString(event.previousId().toString());
            }
            json.writeStringProperty("event", event.name());
            json.writeStringProperty("appendKey", event.appendKey());
            json.writeNumberProperty("appendIndex", event.appendIndex());
            json.writeName("data");
            json.writeRawValue(oneLine(event.data()));
            if (event.metadata() != null) {
                json.writeName("metadata");
                json.writeRawValue(oneLine(event.metadata()));
            }
            json.writeStringProperty("recordedAt", event.recordedAt().toString());
            json.writeEndObject();
        }
        return line.toString();
    }

    /** In a JSON document a line break is white space between tokens; inside a string it would be escaped. */
    private static String oneLine(String document) {
        return document.replace('\n', ' ').replace('\r', ' ');
    }
}
