package io.sqleventstore;

/** The limits that hold on every database alike (contract FID-1, FID-2). */
public final class Limits {
    /** Longest entity or event name, in UTF-16 code units. */
    public static final int NAME_LENGTH = 64;

    /** Longest entity key or append key, in UTF-16 code units. */
    public static final int KEY_LENGTH = 255;

    /** Largest JSON document, in bytes of UTF-8: 16 MiB. */
    public static final int DOCUMENT_BYTES = 16 * 1024 * 1024;

    /** Deepest nesting of a JSON document, in levels of objects and arrays; {@code {}} has one level. */
    public static final int DOCUMENT_DEPTH = 30;

    /** Most digits of a number in a JSON document. */
    public static final int NUMBER_LENGTH = 1000;

    /** Most events in one append. */
    public static final int EVENTS_PER_APPEND = 10_000;

    /** Most entity keys, and most event names, in one {@link Selection}. */
    public static final int SELECTION_VALUES = 500;

    private Limits() {}
}
