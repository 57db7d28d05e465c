package io.sqleventstore.cli;

import io.sqleventstore.StoredEvent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Writes events as JSON Lines: one event a line, its data as stored. */
final class JsonLines {
    static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("")
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final OutputStream stream;
    private final JsonGenerator json;

    JsonLines(Output output) {
        stream = new BufferedOutputStream(output.results());
        // not closed: what can't be written must surface once only, and the stream is not ours to close
        json = JSON.createGenerator(ObjectWriteContext.empty(), stream);
    }

    /**
     * Writes them all and makes sure that they have left.
     *
     * @return whether somebody still reads
     */
    boolean write(Iterator<StoredEvent> events) {
        try {
            while (events.hasNext()) {
                write(events.next());
            }
            json.flush();
            stream.flush();
            return true;
        } catch (JacksonIOException e) {
            return stillRead(e.getCause() == null ? new IOException(e) : e.getCause());
        } catch (IOException e) {
            return stillRead(e);
        }
    }

    /** A reader that has seen enough, such as {@code head}, is no error; a full disk is. */
    private static boolean stillRead(IOException e) {
        if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
            throw unwritable(e);
        }
        return false;
    }

    static Failure unwritable(IOException e) {
        return new Failure(ExitCode.FOUND_WRONG, "The output can't be written: " + e.getMessage(), e);
    }

    private void write(StoredEvent event) {
        write(json, event, document -> inOneLine(json, document));
    }

    /** Writes an event as a line; how its documents are written is up to the caller. */
    static void write(JsonGenerator json, StoredEvent event, Consumer<String> documents) {
        json.writeStartObject();
        json.writeNumberProperty("position", event.position());
        json.writeStringProperty("id", event.id().toString());
        json.writeStringProperty("entity", event.entity().name());
        json.writeStringProperty("key", event.entity().key());
        json.writeNumberProperty("revision", event.revision());
        UUID previous = event.previousId();
        json.writeStringProperty("previousId", previous == null ? null : previous.toString());
        json.writeStringProperty("event", event.name());
        json.writeStringProperty("appendKey", event.appendKey());
        json.writeNumberProperty("appendIndex", event.appendIndex());
        json.writeName("data");
        documents.accept(event.data());
        json.writeName("metadata");
        if (event.metadata() == null) {
            json.writeNull();
        } else {
            documents.accept(event.metadata());
        }
        json.writeStringProperty("recordedAt", event.recordedAt().toString());
        end(json);
    }

    /** Ends the object that is a line. */
    static void end(JsonGenerator json) {
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private static void inOneLine(JsonGenerator json, String document) {
        // a JSON document has line breaks between its tokens only
        json.writeRawValue(document.replace('\n', ' ').replace('\r', ' '));
    }
}
