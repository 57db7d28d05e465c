package io.sqleventstore.conformance;

import java.util.List;
import java.util.Random;

/** Makes JSON documents as RFC 8259 allows them and as nobody writes them. */
final class OddJson {
    private static final List<String> SPACES = List.of("", "", "", " ", "\t", "\n", "\r\n", "\r", "  \n\t ");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "null",
            "\\u0061",
            "\\u00E9",
            "é",
            "e\u0301",
            "\\/",
            "/",
            "\\\\",
            "\\\"",
            "\\n",
            "\\u001f",
            "\\ud83d\\ude00",
            "😀",
            "\u007f",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\ufdd0",
            "\uffff",
            "\udbff\udfff",
            "한",
            "שלום",
            "__proto__",
            "'",
            "%",
            "?",
            ":a",
            "{p}",
            "--");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "0.0",
            "-0.0",
            "1.0",
            "1.10",
            "1e0",
            "1E+5",
            "1e-7",
            "1E-400",
            "-1.5e300",
            "1e308",
            "4.9e-324",
            "12345678901234567890",
            "0.1234567890123456789012345678901234567890",
            "9007199254740993",
            "1e05");

    private OddJson() {}

    static String document(Random random) {
        return space(random) + container(random, 1) + space(random);
    }

    private static String container(Random random, int depth) {
        boolean object = random.nextBoolean();
        StringBuilder json = new StringBuilder(object ? "{" : "[").append(space(random));
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            json.append(i == 0 ? "" : ",").append(space(random));
            if (object) {
                json.append(text(random)).append(space(random)).append(':').append(space(random));
            }
            json.append(value(random, depth)).append(space(random));
        }
        return json.append(object ? '}' : ']').toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth < 30 ? 6 : 4)) {
            case 0 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 1 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 2, 3 -> text(random);
            default -> container(random, depth + 1);
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("\"");
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            text.append(TEXTS.get(random.nextInt(TEXTS.size())));
        }
        return text.append('"').toString();
    }

    private static String space(Random random) {
        return SPACES.get(random.nextInt(SPACES.size()));
    }
}
