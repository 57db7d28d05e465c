package io.sqleventstore.cli;

import io.sqleventstore.Limits;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** The members of the JSON object on a line; objects and arrays in it are kept as they stand there, to the byte. */
final class Members {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Limits.DOCUMENT_BYTES + 1) // else the store could not say how long it may be
                    .maxNameLength(Limits.DOCUMENT_BYTES)
                    .build())
            .build();

    private final long line;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();

    private Members(long line) {
        this.line = line;
    }

    /** What kind of value it is, and its text. */
    private record Member(Kind kind, String text) {}

    private enum Kind {
        TEXT,
        NUMBER,
        DOCUMENT,
        OTHER
    }

    /** Reads a line; throws {@link BadLine} if there is no JSON object on it and nothing else, or one that has a member twice. */
    static Members of(LineReader.Line line) {
        Members members = new Members(line.number());
        String text = line.text();
        members.checkEscapes(text);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw members.bad("there is no JSON object on it.");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                members.add(parser, text);
            }
            if (parser.nextToken() != null) {
                throw members.bad("it goes on after its JSON object.");
            }
        } catch (JacksonException e) {
            throw members.bad("it is no JSON (column %d)."
                    .formatted(e.getLocation() == null ? 1 : e.getLocation().getColumnNr()));
        }
        return members;
    }

    private void add(JsonParser parser, String text) {
        String name = parser.currentName();
        if (!seen.add(name)) {
            throw bad("'" + name + "' comes twice.");
        }
        JsonToken token = parser.nextToken();
        Member member = switch (token) {
            case VALUE_STRING -> new Member(Kind.TEXT, parser.getString());
            case VALUE_NUMBER_INT -> new Member(Kind.NUMBER, parser.getString());
            case START_OBJECT, START_ARRAY -> new Member(Kind.DOCUMENT, document(parser, text));
            default -> new Member(Kind.OTHER, parser.getString());
        };
        if (token != JsonToken.VALUE_NULL) {
            members.put(name, member);
        }
    }

    /** The parser takes characters beyond ASCII for hexadecimal digits: those whose last eight bits are one's. */
    private void checkEscapes(String text) {
        for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 2)) {
            boolean hexadecimal = text.startsWith("u", i + 1);
            for (int digit = i + 2; hexadecimal && digit < Math.min(i + 6, text.length()); digit++) {
                if (text.charAt(digit) >= 0x80) {
                    throw bad("it is no JSON: the escape in column %d is not \\u and four hexadecimal digits."
                            .formatted(i + 1));
                }
            }
        }
    }

    private static String document(JsonParser parser, String text) {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        return text.substring(from, (int) parser.currentLocation().getCharOffset());
    }

    /** Refuses members of other names. */
    Members only(String... names) {
        Set<String> others = new HashSet<>(members.keySet());
        Arrays.asList(names).forEach(others::remove);
        if (!others.isEmpty()) {
            throw bad("there is no member '%s' here; there are %s."
                    .formatted(others.iterator().next(), String.join(", ", names)));
        }
        return this;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    String text(String name) {
        return Objects.requireNonNull(required(name, optionalText(name)));
    }

    @Nullable
    String optionalText(String name) {
        return of(name, "a text", Kind.TEXT);
    }

    /** A JSON document as it stands there, or the one that a text holds. */
    String document(String name) {
        return Objects.requireNonNull(required(name, optionalDocument(name)));
    }

    @Nullable
    String optionalDocument(String name) {
        return of(name, "a JSON object or array, or a text that holds one", Kind.DOCUMENT, Kind.TEXT);
    }

    long number(String name) {
        return Objects.requireNonNull(required(name, optionalNumber(name)));
    }

    @Nullable
    Long optionalNumber(String name) {
        String text = of(name, "a whole number", Kind.NUMBER);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw bad("'" + name + "' is too large.");
        }
    }

    UUID id(String name) {
        return Objects.requireNonNull(required(name, optionalId(name)));
    }

    @Nullable
    UUID optionalId(String name) {
        String text = optionalText(name);
        try {
            return text == null ? null : StrictUuid.of(text);
        } catch (IllegalArgumentException e) {
            throw bad("'" + name + "' is no UUID.");
        }
    }

    Instant time(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw bad("'" + name + "' is no time such as 2025-04-07T18:30:00.123456Z.");
        }
    }

    /** What to throw when what it says can't be. */
    BadLine bad(String what) {
        return new BadLine(line, what);
    }

    private <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw bad("'" + name + "' is missing.");
        }
        return value;
    }

    private @Nullable String of(String name, String what, Kind... kinds) {
        Member member = members.get(name);
        if (member == null) {
            return null;
        }
        if (!Arrays.asList(kinds).contains(member.kind())) {
            throw bad("'" + name + "' is not " + what + ".");
        }
        return member.text();
    }
}
