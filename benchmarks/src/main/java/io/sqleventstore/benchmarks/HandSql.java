package io.sqleventstore.benchmarks;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Insertion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements of a floor: for the library's tables those of the dialect, for the bare one plain SQL. */
final class HandSql {
    private static final Pattern ROWS = Pattern.compile("\\{rows:(.*?)}", Pattern.DOTALL);
    private static final String TABLE = "{p}event_ledger";
    private static final String INSERTED =
            "event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata";
    private static final String READ =
            "position, event_id, entity, entity_key, revision, previous_id, event, append_key, append_index, data, metadata,"
                    + " recorded_at";

    private final Dialect dialect;
    private final Subject floor;
    private final String table;
    private final String append;
    private final String drawn;
    private final Map<Integer, String> inserts = new ConcurrentHashMap<>();
    private final Map<Integer, String> queries = new ConcurrentHashMap<>();

    HandSql(Dialect dialect, Subject floor, String schema) {
        this.dialect = dialect;
        this.floor = floor;
        this.table = floor.table(schema);
        this.append = append();
        this.drawn = dialect.sql("drawn").strip().replace(TABLE, table);
    }

    /** With a part for each row. */
    private String append() {
        String its = dialect.sql("append").strip();
        Matcher rows = ROWS.matcher(its);
        if (!its.contains(TABLE) || !rows.find()) {
            throw new IllegalStateException("append.sql of '" + dialect.name() + "' is not what it used to be.");
        }
        return floor.hasRules()
                ? its.replace(TABLE, table)
                : "INSERT INTO " + table + " (" + INSERTED + ") VALUES\n" + rows.group();
    }

    boolean hasRules() {
        return floor.hasRules();
    }

    /** Whether positions have to be known, as the library has to know them. */
    boolean asksForPositions() {
        return floor.hasRules();
    }

    /** Whether the insert returns them. */
    boolean returnsPositions() {
        return asksForPositions() && dialect.insertion() == Insertion.RETURNING;
    }

    /** Whether the driver is asked for the generated key. */
    boolean isKeyAsked(int rows) {
        return asksForPositions() && dialect.insertion() == Insertion.GENERATED_KEY && rows == 1;
    }

    /** Whether the statement that inserts so many rows is all that there is to do. */
    boolean isOneStatement(int rows) {
        boolean tells = returnsPositions() || isKeyAsked(rows);
        return rows <= dialect.rowsPerInsert() && (tells || !asksForPositions());
    }

    String insert(int rows) {
        return inserts.computeIfAbsent(rows, number -> repeatRow(append, number));
    }

    /** Positions by id, of so many rows. */
    String drawn(int rows) {
        return queries.computeIfAbsent(rows, number -> repeatRow(drawn, number));
    }

    String head() {
        return "SELECT revision, event_id FROM " + table
                + " WHERE entity = ? AND entity_key = ? ORDER BY revision DESC LIMIT 1";
    }

    String replayAll(long after) {
        return "SELECT " + READ + " FROM " + table + " WHERE position > " + after + " ORDER BY position";
    }

    String replayEntity() {
        return "SELECT " + READ + " FROM " + table + " WHERE entity = ? AND entity_key = ? ORDER BY revision";
    }

    /** As who has not heard of positions that come late. */
    String beyond() {
        return "SELECT " + READ + " FROM " + table + " WHERE position > ? ORDER BY position LIMIT 1000";
    }

    /**
     * Of entities of that name only, and the newest event whatever it is, which tells where to go on. The upper bound changes nothing, but
     * without it PostgreSQL reads the whole of a table that it has no statistics of.
     */
    String beyond(String entity) {
        return "SELECT " + READ + " FROM " + table + ", (SELECT max(position) AS newest FROM " + table + ") its"
                + " WHERE position > ? AND position <= newest AND (entity = '" + entity + "' OR position = newest)"
                + " ORDER BY position LIMIT 1000";
    }

    private static String repeatRow(String sql, int rows) {
        return ROWS.matcher(sql)
                .replaceAll(match -> Matcher.quoteReplacement(
                        Stream.generate(() -> match.group(1)).limit(rows).collect(Collectors.joining(","))));
    }
}
