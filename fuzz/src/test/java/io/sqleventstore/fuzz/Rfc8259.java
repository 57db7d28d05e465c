package io.sqleventstore.fuzz;

import io.sqleventstore.Limits;

/** Reads a JSON text by the grammar of RFC 8259, character by character, and tells whether the contract (FID-1, FID-2) allows it as a document. */
final class Rfc8259 {
    private static final char END = 0; // no legal text holds it

    private final String text;
    private int at;
    private int depth;
    private boolean withinLimits = true;

    private Rfc8259(String text) {
        this.text = text;
    }

    /** Thrown where the text leaves the grammar. */
    private static final class NoJson extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Whether the contract allows it as data or metadata; only for texts that are far below 16 MiB. */
    static boolean allows(String text) {
        Rfc8259 reader = new Rfc8259(text);
        try {
            return Legal.isUnicode(text) && reader.readsDocument() && reader.withinLimits;
        } catch (NoJson e) {
            return false;
        }
    }

    private boolean readsDocument() {
        skipSpace();
        boolean container = peek() == '{' || peek() == '[';
        value();
        return container && peek() == END;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private boolean skip(char expected) {
        boolean there = peek() == expected;
        at += there ? 1 : 0;
        return there;
    }

    private void need(boolean there) {
        if (!there) {
            throw new NoJson();
        }
    }

    private void skipSpace() {
        while (" \t\n\r".indexOf(peek()) >= 0) {
            at++;
        }
    }

    /** A value and the white space around it. */
    private void value() {
        skipSpace();
        switch (peek()) {
            case '{' -> members('}');
            case '[' -> members(']');
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
        skipSpace();
    }

    private void members(char close) {
        need(depth < 2 * Limits.DOCUMENT_DEPTH); // far enough; what is deeper is refused, whatever it is
        depth++;
        withinLimits &= depth <= Limits.DOCUMENT_DEPTH;
        at++;
        skipSpace();
        if (!skip(close)) {
            do {
                if (close == '}') {
                    skipSpace();
                    need(peek() == '"');
                    string();
                    skipSpace();
                    need(skip(':'));
                }
                value();
            } while (skip(','));
            need(skip(close));
        }
        depth--;
    }

    private void word(String word) {
        need(text.startsWith(word, at));
        at += word.length();
    }

    private void string() {
        StringBuilder spelt = new StringBuilder();
        at++;
        while (!skip('"')) {
            char c = peek();
            need(c >= ' ');
            at++;
            spelt.append(c == '\\' ? escaped() : c);
        }
        withinLimits &= Legal.isUnicode(spelt.toString());
    }

    private char escaped() {
        char c = peek();
        at++;
        int index = "\"\\/bfnrt".indexOf(c);
        if (index >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(index);
        }
        need(c == 'u');
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = "0123456789abcdef".indexOf(Character.toLowerCase(peek()));
            need(digit >= 0 && peek() < 0x80);
            code = 16 * code + digit;
        }
        return (char) code;
    }

    private void number() {
        int from = at;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        if (skip('.')) {
            digits();
        }
        if (skip('e') || skip('E')) {
            if (!skip('-')) {
                skip('+');
            }
            digits();
        }
        String number = text.substring(from, at);
        long digits = number.chars().filter(each -> each >= '0' && each <= '9').count();
        withinLimits &= digits <= Limits.NUMBER_LENGTH && !Double.isInfinite(Double.parseDouble(number));
    }

    private void digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        need(at > from);
    }
}
