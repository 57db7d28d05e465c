package io.sqleventstore.benchmarks;

import java.util.List;

/**
 * Who does it.
 *
 * @param label its name for programs
 * @param title its name for people
 * @param table its table of events, in the schema of the benchmark
 */
public record Subject(String label, String title, String table) {
    /** The library. */
    static final Subject LIBRARY = new Subject("library", "Library", "event_ledger");

    /** JDBC by hand, into the library's own tables by the library's own statements: what the library costs. */
    static final Subject FLOOR_A =
            new Subject("floorA", "Floor A: the same schema, by hand", Place.PREFIX_OF_FLOOR_A + "event_ledger");

    /** JDBC by hand, into a table that has only what every one needs: what the rules cost. */
    static final Subject FLOOR_B = new Subject("floorB", "Floor B: keys alone, by hand", "bare");

    /** The library and its floors; all others are rivals. */
    static final List<Subject> OWN = List.of(LIBRARY, FLOOR_A, FLOOR_B);

    /** The one of ours with that label. */
    static Subject own(String label) {
        return OWN.stream().filter(its -> its.label.equals(label)).findFirst().orElseThrow();
    }

    /** Its table of events in that schema, or in the default one if that is empty. */
    String table(String schema) {
        return schema.isEmpty() ? table : schema + "." + table;
    }

    /** Whether it is another store. */
    boolean isRival() {
        return !OWN.contains(this);
    }

    /** Whether the database keeps an entity's history linear, as the library means it. */
    boolean hasRules() {
        return equals(LIBRARY) || equals(FLOOR_A);
    }
}
