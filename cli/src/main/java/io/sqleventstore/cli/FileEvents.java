package io.sqleventstore.cli;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoredEvent;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/** Changes of files as events: entity {@code file}, its key the path. */
final class FileEvents {
    static final String ENTITY = "file";
    static final EntityType TYPE = EntityType.of(ENTITY, "file-added", "file-modified", "file-deleted");

    private static final HexFormat HEX = HexFormat.of();

    private FileEvents() {}

    /** The file at a path; one whose path is not legal as a key has the path's hash as key. */
    static Entity entity(String path) {
        String text = decode(path);
        if (text != null && !text.startsWith("sha256:")) {
            try {
                return Entity.of(ENTITY, text);
            } catch (InvalidEvent e) {
                return hashed(path);
            }
        }
        return hashed(path);
    }

    private static Entity hashed(String path) {
        return Entity.of(ENTITY, "sha256:" + HEX.formatHex(sha256().digest(bytes(path))));
    }

    /** What makes a change recognised when it is imported again. */
    static String appendKey(Git.Change change) {
        MessageDigest digest = sha256();
        digest.update(change.commit().id().getBytes(StandardCharsets.US_ASCII));
        return HEX.formatHex(digest.digest(bytes(change.path())));
    }

    /** The event that a change is. */
    static NewEvent event(Git.Change change) {
        String name = switch (change.kind()) {
            case 'A' -> "file-added";
            case 'D' -> "file-deleted";
            default -> "file-modified";
        };
        return NewEvent.of(name, data(change))
                .withMetadata(json(Map.of("correlation", change.commit().id())));
    }

    private static String data(Git.Change change) {
        Map<String, String> data = new LinkedHashMap<>();
        String path = decode(change.path());
        if (path != null) {
            data.put("path", path);
        }
        data.put("pathBytes", HEX.formatHex(bytes(change.path())));
        data.put("mode", change.mode());
        data.put("blob", change.blob());
        data.put("commit", change.commit().id());
        data.put("author", change.commit().author());
        data.put("time", Instant.ofEpochSecond(change.commit().time()).toString());
        return json(data);
    }

    private static String json(Map<String, String> properties) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = EventJson.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            properties.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        return text.toString();
    }

    /** A property of an event's data, or nothing. */
    static String property(StoredEvent event, String name) {
        try (JsonParser json = EventJson.JSON.createParser(ObjectReadContext.empty(), event.data())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = json.currentName().equals(name);
                json.nextToken();
                if (wanted) {
                    return json.getString();
                }
                json.skipChildren();
            }
            return "";
        }
    }

    /** Lets an event change the tree that it happened to: mode and content by path, each byte of the path as one character. */
    static void apply(StoredEvent event, Map<String, String> tree) {
        String path = new String(HEX.parseHex(property(event, "pathBytes")), StandardCharsets.ISO_8859_1);
        if (event.name().equals("file-deleted")) {
            tree.remove(path);
        } else {
            tree.put(path, property(event, "mode") + " " + property(event, "blob"));
        }
    }

    private static @Nullable String decode(String path) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(path)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
