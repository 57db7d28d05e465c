package io.sqleventstore.benchmarks;

/** Who does it. */
public enum Subject {
    /** The library. */
    LIBRARY("library", "Library", "event_ledger"),
    /** JDBC by hand, into the library's own tables by the library's own statements: what the library costs. */
    FLOOR_A("floorA", "Floor A: the same schema, by hand", Place.PREFIX_OF_FLOOR_A + "event_ledger"),
    /** JDBC by hand, into a table that has only what every one needs: what the rules cost. */
    FLOOR_B("floorB", "Floor B: keys alone, by hand", "bare");

    private final String label;
    private final String title;
    private final String table;

    Subject(String label, String title, String table) {
        this.label = label;
        this.title = title;
        this.table = table;
    }

    /** {@return its name for programs} */
    public String label() {
        return label;
    }

    /** {@return its name for people} */
    public String title() {
        return title;
    }

    /** Its table of events in that schema, or in the default one if that is empty. */
    String table(String schema) {
        return schema.isEmpty() ? table : schema + "." + table;
    }

    /** Whether the database keeps an entity's history linear. */
    boolean hasRules() {
        return this != FLOOR_B;
    }
}
