package io.sqleventstore.cli;

import io.sqleventstore.InvalidEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Writes events as JSON Lines. */
@Command(
        name = "replay",
        description =
                "Write events in the order of their positions, as JSON Lines: one event a line, its data as stored.")
final class ReplayCommand implements Callable<Integer> {
    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("\n")
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final Output output;

    @Mixin
    private final Database database = new Database();

    @Option(names = "--entity", paramLabel = "NAME", description = "Only events of entities of this name.")
    private @Nullable String entity;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Only events of the entity with this key; may be repeated.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--event", paramLabel = "NAME", description = "Only events of this name; may be repeated.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--from", paramLabel = "N", description = "Only from this position up.")
    private long from = 1;

    @Option(names = "--to", paramLabel = "N", description = "Only up to this position.")
    private long to = Long.MAX_VALUE;

    @Option(names = "--backwards", description = "The highest position first.")
    private boolean backwards;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many events.")
    private long limit = Long.MAX_VALUE;

    ReplayCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Selection selection = selection();
        try (OpenDatabase open = database.open()) {
            write(open.store().replay(selection).iterator());
            return ExitCode.OK;
        }
    }

    private Selection selection() {
        try {
            Selection selection = Selection.all().from(from).to(to).limit(limit);
            if (entity != null) {
                selection = ofEntity(selection, entity);
            } else if (!keys.isEmpty()) {
                throw new Failure(ExitCode.USAGE, "A --key needs the --entity that it belongs to.");
            }
            for (String name : names) {
                selection = selection.named(name);
            }
            return backwards ? selection.inReverse() : selection;
        } catch (InvalidEvent | IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, Objects.requireNonNull(e.getMessage()), e);
        }
    }

    private Selection ofEntity(Selection selection, String name) {
        if (keys.isEmpty()) {
            return selection.ofEntity(name);
        }
        return selection.ofEntity(
                name, keys.get(0), keys.subList(1, keys.size()).toArray(String[]::new));
    }

    private void write(Iterator<StoredEvent> events) {
        var stream = new BufferedOutputStream(output.results());
        try {
            // not closed: what can't be written must surface once only, and the stream is not ours to close
            JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), stream);
            boolean any = events.hasNext();
            while (events.hasNext()) {
                write(json, events.next());
            }
            json.flush();
            if (any) {
                stream.write('\n');
            }
            stream.flush();
        } catch (JacksonIOException e) {
            unlessNobodyReads(e.getCause() == null ? new IOException(e) : e.getCause());
        } catch (IOException e) {
            unlessNobodyReads(e);
        }
    }

    /** A reader that has seen enough, such as {@code head}, is no error; a full disk is. */
    private static void unlessNobodyReads(IOException e) {
        if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
            throw new Failure(ExitCode.FOUND_WRONG, "The output can't be written: " + e.getMessage(), e);
        }
    }

    private static void write(JsonGenerator json, StoredEvent event) {
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
        writeDocument(json, "data", event.data());
        writeDocument(json, "metadata", event.metadata());
        json.writeStringProperty("recordedAt", event.recordedAt().toString());
        json.writeEndObject();
    }

    private static void writeDocument(JsonGenerator json, String name, @Nullable String document) {
        json.writeName(name);
        // a JSON document has line breaks between its tokens only
        json.writeRawValue(
                document == null ? "null" : document.replace('\n', ' ').replace('\r', ' '));
    }
}
