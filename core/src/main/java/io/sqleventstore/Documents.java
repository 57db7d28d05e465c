package io.sqleventstore;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * What a JSON document may look like: RFC 8259 and no more, so that the strictest database's parser takes it too
 * (contract FID-1). The text itself is stored as it came; nothing is ever rewritten.
 */
final class Documents {
    private static final JsonFactory JSON = JsonFactory.builder()
            // no table of names: it refuses documents whose keys have one hash, and keeps their text for ever
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.DOCUMENT_DEPTH)
                    .maxNumberLength(Limits.NUMBER_LENGTH)
                    .maxStringLength(Limits.DOCUMENT_BYTES)
                    .maxNameLength(Limits.DOCUMENT_BYTES)
                    .build())
            .build();

    private Documents() {}

    static String check(String what, String json) {
        requireNonNull(json, what);
        checkSize(what, json);
        Texts.checkCharacters(what, json);
        checkEscapes(what, json);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.START_ARRAY) {
                throw new InvalidEvent("The " + what + " is no JSON object or array at the top level; wrap it in one.");
            }
            checkRest(what, parser, json.indexOf('\\') >= 0);
        } catch (JacksonException e) {
            throw new InvalidEvent("The %s is no JSON that every database takes (at %d levels at most)%s."
                    .formatted(what, Limits.DOCUMENT_DEPTH, place(e.getLocation())));
        }
        return json;
    }

    /** A limit that was exceeded has no place. */
    private static String place(@Nullable TokenStreamLocation location) {
        return location == null ? "" : ": line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    /** Strings only where there are escapes, which may spell what the text itself, which is checked, may not hold: each one read is a copy. */
    private static void checkRest(String what, JsonParser parser, boolean escapes) {
        int depth = 1;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (depth == 0) {
                throw new InvalidEvent(
                        "The " + what + " goes on after the end of its JSON document; store one document.");
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (escapes && (token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING)) {
                Texts.checkCharacters(what, parser.getString());
            } else if (token.isNumeric()) {
                checkNumber(what, parser);
            }
        }
    }

    private static void checkNumber(String what, JsonParser parser) {
        // by counting: the parser looks at the length of whole numbers only
        if (parser.getStringLength() > Limits.NUMBER_LENGTH
                && parser.getString().chars().filter(Character::isDigit).count() > Limits.NUMBER_LENGTH) {
            throw new InvalidEvent("The %s holds a number of more than %d digits; store it as a string."
                    .formatted(what, Limits.NUMBER_LENGTH));
        }
        if (Double.isInfinite(parser.getDoubleValue())) {
            throw new InvalidEvent("The " + what
                    + " holds a number beyond ±1.8e308, which some databases refuse; store it as a string.");
        }
    }

    /** The parser takes characters beyond ASCII for hexadecimal digits: those whose last eight bits are one's. */
    private static void checkEscapes(String what, String json) {
        for (int i = json.indexOf('\\'); i >= 0; i = json.indexOf('\\', i + 2)) {
            boolean hexadecimal = json.startsWith("u", i + 1);
            for (int digit = i + 2; hexadecimal && digit < Math.min(i + 6, json.length()); digit++) {
                if (json.charAt(digit) >= 0x80) {
                    throw new InvalidEvent(
                            "The %s has an escape at index %d that is not \\u and four hexadecimal digits."
                                    .formatted(what, i));
                }
            }
        }
    }

    private static void checkSize(String what, String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        if (bytes > Limits.DOCUMENT_BYTES) {
            throw new InvalidEvent(
                    "The %s has %d bytes, %d (16 MiB) are allowed; store the bulk elsewhere and a reference to it here."
                            .formatted(what, bytes, Limits.DOCUMENT_BYTES));
        }
    }
}
