package io.sqleventstore;

import static java.util.Objects.requireNonNull;

/** What a name or a key may look like: the same on every database (contract FID-2). */
final class Texts {
    private Texts() {}

    static String entityName(String name) {
        return check("entity name", name, Limits.NAME_LENGTH);
    }

    static String eventName(String name) {
        return check("event name", name, Limits.NAME_LENGTH);
    }

    static String entityKey(String key) {
        return check("entity key", key, Limits.KEY_LENGTH);
    }

    static String appendKey(String key) {
        return check("append key", key, Limits.KEY_LENGTH);
    }

    private static String check(String what, String text, int longest) {
        requireNonNull(text, what);
        if (text.isEmpty()) {
            throw new InvalidEvent("The " + what + " is empty; give it 1 to " + longest + " characters.");
        }
        if (text.length() > longest) {
            throw new InvalidEvent(
                    "The %s has %d characters (UTF-16 code units), %d are allowed; shorten it, for example to a hash."
                            .formatted(what, text.length(), longest));
        }
        checkEnds(what, text);
        checkCharacters(what, text);
        return text;
    }

    private static void checkEnds(String what, String text) {
        if (text.startsWith("~")) {
            throw new InvalidEvent(
                    "The " + what + " begins with '~', which is reserved; begin it with another character.");
        }
        if (isSpace(text.codePointAt(0)) || isSpace(text.codePointBefore(text.length()))) {
            throw new InvalidEvent("The " + what + " begins or ends with white space; strip it first.");
        }
    }

    /** Refuses what some database can't keep: U+0000 and surrogates without their partner. */
    static void checkCharacters(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new InvalidEvent(
                        "The " + what + " holds U+0000 at index " + i + ", which databases can't store.");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new InvalidEvent(
                        "The " + what + " holds an unpaired surrogate at index " + i + "; it is no Unicode text.");
            }
        }
    }

    /** White space by Java or by Unicode, where U+0085 (next line) is the one that Java leaves out; the schemas list the same. */
    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }
}
