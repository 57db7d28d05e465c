package io.sqleventstore.microbenchmarks;

/** JSON documents of some size, as applications have them. */
final class Documents {
    private static final String MEMBER = "\"card\":{\"suit\":\"spades\",\"rank\":12,\"open\":true}";
    private static final String ESCAPED_MEMBER = "\"said\":\"one\\ntwo \\u00e9\"";

    private Documents() {}

    /** Of so many bytes or a few less, without an escape. */
    static String plain(int bytes) {
        return repeated(MEMBER, bytes);
    }

    /** As plain, with escapes, for which each string has to be read. */
    static String escaped(int bytes) {
        return repeated(MEMBER + ',' + ESCAPED_MEMBER, bytes);
    }

    private static String repeated(String members, int bytes) {
        String object = '{' + members + '}';
        int count = (bytes - 2) / (object.length() + 1);
        return '[' + (object + ',').repeat(count - 1) + object + ']';
    }
}
