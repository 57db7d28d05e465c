package io.sqleventstore.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON objects into maps and arrays into lists: numbers and texts as texts, null as {@code "null"}. */
final class Json {
    private Json() {}

    static List<Map<String, Object>> lines(String lines) {
        List<Map<String, Object>> all = new ArrayList<>();
        lines.lines().forEach(line -> all.add(object(line)));
        return all;
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> texts(Map<String, Object> event, String name) {
        return (Map<String, String>) event.get(name);
    }

    private static Map<String, Object> object(String json) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            Map<String, Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw new IllegalStateException("more than one value on the line " + json);
            }
            return object;
        }
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            default -> parser.getString();
        };
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }
}
