package io.sqleventstore.cli;

import io.sqleventstore.EntityType;
import io.sqleventstore.sql.LedgerEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Writes a whole ledger as JSON Lines: a first line that says what follows, what is registered, each position, and a last line with how many
 * there were and the SHA-256 of all lines before it. The same ledger gives the same bytes, whatever database it is in.
 */
final class LedgerWriter {
    static final String FORMAT = "sql-event-store";
    static final int VERSION = 1;

    private final OutputStream stream;
    private final DigestOutputStream digested;
    private final JsonGenerator json;
    private long positions;
    private long events;

    LedgerWriter(OutputStream target) {
        stream = new BufferedOutputStream(target);
        digested = new DigestOutputStream(stream, Sha256.digest());
        json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), digested);
    }

    /**
     * Writes all of it, and returns the digest.
     *
     * @throws Failure if it can't be written
     */
    String write(List<EntityType> types, Iterator<LedgerEntry> entries, Progress progress) {
        try {
            writeHeader();
            types.forEach(this::write);
            while (entries.hasNext()) {
                write(entries.next());
                progress.step(1);
            }
            json.flush();
            digested.on(false);
            String digest = HexFormat.of().formatHex(digested.getMessageDigest().digest());
            writeTrailer(digest);
            json.flush();
            stream.flush();
            return digest;
        } catch (JacksonIOException e) {
            throw JsonLines.unwritable(e.getCause() == null ? new IOException(e) : e.getCause());
        } catch (IOException e) {
            throw JsonLines.unwritable(e);
        }
    }

    /** How many positions were written. */
    long positions() {
        return positions;
    }

    /** How many of them had an event. */
    long events() {
        return events;
    }

    private void writeHeader() {
        json.writeStartObject();
        json.writeStringProperty("ledger", FORMAT);
        json.writeNumberProperty("version", VERSION);
        JsonLines.end(json);
    }

    private void write(EntityType type) {
        for (String event : type.events()) {
            json.writeStartObject();
            json.writeStringProperty("entity", type.name());
            json.writeStringProperty("event", event);
            JsonLines.end(json);
        }
    }

    private void write(LedgerEntry entry) {
        positions++;
        if (entry instanceof LedgerEntry.Event event) {
            events++;
            JsonLines.write(json, event.event(), json::writeString);
        } else {
            json.writeStartObject();
            json.writeNumberProperty("position", entry.position());
            json.writeStringProperty("id", entry.id().toString());
            json.writeBooleanProperty("void", true);
            JsonLines.end(json);
        }
    }

    private void writeTrailer(String digest) {
        json.writeStartObject();
        json.writeNumberProperty("positions", positions);
        json.writeNumberProperty("events", events);
        json.writeStringProperty("sha256", digest);
        JsonLines.end(json);
    }
}
