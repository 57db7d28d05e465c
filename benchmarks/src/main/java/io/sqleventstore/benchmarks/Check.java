package io.sqleventstore.benchmarks;

import java.sql.SQLException;

/** Looks at the tables: figures of events that are not stored, or not in order, would be worth nothing. */
final class Check {
    /** Entities whose revisions are not 1, 2, 3…, or not such a part: that each has one before it, the other query tells. */
    private static final String BROKEN_REVISIONS = """
            SELECT count(*) FROM (SELECT entity_key FROM {table} WHERE entity <> '~void' AND position > {before}
              GROUP BY entity, entity_key
              HAVING max(revision) - min(revision) + 1 <> count(*) OR count(DISTINCT revision) <> count(*)) broken""";

    /** Events that don't point back at the one before, at a lower position. */
    private static final String BROKEN_LINKS = """
            SELECT count(*) FROM {table} e WHERE e.entity <> '~void' AND e.position > {before}
              AND e.revision > 1 AND NOT EXISTS
              (SELECT 1 FROM {table} b WHERE b.event_id = e.previous_id AND b.entity = e.entity AND b.entity_key = e.entity_key
                AND b.revision = e.revision - 1 AND b.position < e.position)""";

    private Check() {}

    /** Every event that was counted is there, and no other. */
    static void stored(Place place, Subject subject, long counted) throws SQLException {
        long stored = place.stored(subject);
        if (stored != counted) {
            throw new IllegalStateException(counted + " events were counted in " + place.table(subject) + " ("
                    + subject.label() + "), " + stored + " are stored.");
        }
    }

    /** Every entity's history is one line; the bare table keeps none. */
    static void linear(Place place, Subject subject) throws SQLException {
        if (subject.hasRules()) {
            none(place, subject, BROKEN_REVISIONS, "entities have revisions other than 1, 2, 3…");
            none(place, subject, BROKEN_LINKS, "events don't point back at the one before");
        }
    }

    private static void none(Place place, Subject subject, String query, String what) throws SQLException {
        String found = place.ask(
                query.replace("{table}", place.table(subject)).replace("{before}", "" + place.before(subject)));
        if (!found.equals("0")) {
            throw new IllegalStateException(found + " " + what + ", in " + place.table(subject) + ".");
        }
    }
}
