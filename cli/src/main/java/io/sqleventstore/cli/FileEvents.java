package io.sqleventstore.cli;

import io.sqleventstore.EntityType;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoredEvent;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The events of the files of a git repository: their names, and what their JSON holds. */
final class FileEvents {
    static final String ADDED = "file-added";
    static final String MODIFIED = "file-modified";
    static final String DELETED = "file-deleted";
    static final EntityType TYPE = EntityType.of(GitPath.ENTITY, ADDED, MODIFIED, DELETED);

    private static final JsonFactory JSON = new JsonFactory();

    private FileEvents() {}

    /** The event of a change in the history that begins with that root commit. */
    private static NewEvent event(Change change, String root) {
        Map<String, String> data = new LinkedHashMap<>();
        String text = change.path().text();
        if (text == null) {
            data.put("pathHex", change.path().hex());
        } else {
            data.put("path", text);
        }
        Leaf leaf = change.leaf();
        if (leaf != null) {
            data.put("blob", leaf.id());
            data.put("mode", leaf.mode());
        }
        data.put("commit", change.commit());
        data.put("author", change.author());
        data.put("time", change.time());
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("correlation", change.commit());
        metadata.put("root", root);
        return NewEvent.of(change.event(), json(data)).withMetadata(json(metadata));
    }

    /** What is to be appended for a change; its key is the same whoever imports it and whenever. */
    static Intent intent(Change change, String root) {
        return Intent.of(appendKey(change), change.path().entity(), event(change, root));
    }

    private static String appendKey(Change change) {
        byte[] commit = (change.commit() + " ").getBytes(StandardCharsets.US_ASCII);
        return Sha256.hex(commit, change.path().bytes());
    }

    /** The root commit of the history that an event is from, or null if it is from no such history. */
    static @Nullable String root(StoredEvent event) {
        String metadata = event.metadata();
        return metadata == null ? null : texts(metadata).get("root");
    }

    /** The change that an event of such a history tells of. */
    static Change change(StoredEvent event) {
        Map<String, String> data = texts(event.data());
        String text = data.get("path");
        GitPath path = text == null ? GitPath.ofHex(value(data, "pathHex")) : GitPath.ofText(text);
        Leaf leaf = event.name().equals(DELETED) ? null : new Leaf(value(data, "mode"), value(data, "blob"));
        return new Change(value(data, "commit"), value(data, "time"), value(data, "author"), path, event.name(), leaf);
    }

    private static String value(Map<String, String> data, String name) {
        String value = data.get(name);
        if (value == null) {
            throw new Failure(
                    ExitCode.FOUND_WRONG, "An event of a file has no '" + name + "'; it is not from this command.");
        }
        return value;
    }

    private static String json(Map<String, String> texts) {
        StringWriter document = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), document)) {
            json.writeStartObject();
            texts.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        return document.toString();
    }

    /** The document's top-level properties whose values are texts. */
    private static Map<String, String> texts(String document) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), document)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, json.getString());
                } else {
                    json.skipChildren();
                }
            }
        }
        return texts;
    }
}
