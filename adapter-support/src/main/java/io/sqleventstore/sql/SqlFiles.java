package io.sqleventstore.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The SQL of one dialect with the names of one store filled in: one file an operation. */
final class SqlFiles {
    static final String COLUMNS =
            "position, event_id, entity, entity_key, revision, previous_id, event, append_key, append_index, data, metadata,"
                    + " recorded_at";

    /** All there are: what is not named here can't be sent, so that {@link DialectStatements} is complete. */
    static final SortedSet<String> OPERATIONS = Collections.unmodifiableSortedSet(new TreeSet<>(Set.of(
            "append",
            "count-positions",
            "drawn",
            "fence",
            "first-position",
            "gate",
            "generator",
            "grants",
            "head",
            "import",
            "last-position",
            "last-visible",
            "places",
            "positions",
            "register",
            "registered",
            "repair-generator",
            "replay",
            "replay-entity",
            "schema",
            "schema-2",
            "schema-version",
            "stored-under",
            "taken-ids",
            "verify-appends",
            "verify-delete",
            "verify-history",
            "verify-ids",
            "verify-registry",
            "verify-totals",
            "verify-update",
            "voids")));

    private static final Pattern ROWS = Pattern.compile("\\{rows:(.*?)}", Pattern.DOTALL);
    private static final Pattern BY_POSITION = Pattern.compile("\\{by-position:(.*?)}");

    private final Dialect dialect;
    private final StoreOptions options;
    private final Map<String, String> filled = new ConcurrentHashMap<>();

    SqlFiles(Dialect dialect, StoreOptions options) {
        this.dialect = dialect;
        this.options = options;
    }

    /** The operation's SQL with table names and columns filled in. */
    String get(String operation) {
        if (!OPERATIONS.contains(operation)) {
            throw new IllegalArgumentException("There is no operation " + operation + ".");
        }
        return filled.computeIfAbsent(operation, name -> fill(dialect.sql(name)));
    }

    /** {@link #get}, with the row part repeated for so many rows. */
    String get(String operation, int rows) {
        String sql = get(operation); // not inside: the map allows no update within an update
        return filled.computeIfAbsent(operation + ' ' + rows, name -> repeatRow(sql, rows));
    }

    /** What appends so many rows and hardly waits for locks, in auto-commit mode; empty where the dialect knows no such statement. */
    Optional<String> briefAppend(int rows) {
        String insert = get("append", rows);
        return Optional.of(filled.computeIfAbsent(
                        "append briefly " + rows,
                        name -> dialect.insertBriefly(insert, GroupCommit.LOCK_MILLIS)
                                .orElse("")))
                .filter(sql -> !sql.isEmpty());
    }

    /** {@code replay.sql} with a selection's condition and direction. */
    String replay(Filter filter, boolean backwards) {
        return BY_POSITION
                .matcher(get("replay"))
                .replaceAll(filter.isOfKeysOnly() ? "" : "$1")
                .replace("{filter}", filter.sql())
                .replace("{direction}", backwards ? "DESC" : "ASC");
    }

    private String fill(String sql) {
        String qualifier = options.schema().isEmpty() ? "" : options.schema() + ".";
        return sql.strip()
                .replace("{p}", qualifier + options.prefix())
                .replace("{n}", options.prefix())
                .replace("{columns}", COLUMNS);
    }

    private static String repeatRow(String sql, int rows) {
        Matcher matcher = ROWS.matcher(sql);
        return matcher.replaceAll(match -> Matcher.quoteReplacement(
                Stream.generate(() -> match.group(1)).limit(rows).collect(Collectors.joining(",\n"))));
    }

    static String read(Class<?> dialect, String operation) {
        String file = operation + ".sql";
        try (InputStream own = dialect.getResourceAsStream(file);
                InputStream shared = SqlFiles.class.getResourceAsStream(file)) {
            @Nullable InputStream found = own != null ? own : shared;
            if (found == null) {
                throw new IllegalArgumentException("There is no file " + file + " beside " + dialect.getName() + ".");
            }
            return new String(found.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
