package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.sql.DialectStatements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How servers run every query of the store, asked by EXPLAIN: none reads the whole ledger where an index serves, and none sorts what an index
 * has in order. {@code -Dplans.rows=10000000} asks in a ledger of ten million events. All plans are left in {@code target/plans}.
 */
class PlansTest {
    private static final long ROWS = Long.getLong("plans.rows", 20_000);

    /** From here on it is asked for rare rows too. In a smaller ledger a server may rightly read all to find a few of them. */
    private static final long LARGE = 1_000_000;

    /** Of a thousand events, if that is a small part of the ledger: a server may rightly sort all for a page that has much of it. */
    private static final long PAGE = Math.min(1_000, ROWS / 200);

    private static final Set<String> QUERIES = Set.of(
            "count-positions",
            "drawn",
            "first-position",
            "generator",
            "head",
            "last-position",
            "last-visible",
            "places",
            "positions",
            "registered",
            "replay",
            "replay-entity",
            "schema-version",
            "stored-under",
            "taken-ids",
            "voids");

    private static final Set<String> WRITES =
            Set.of("append", "fence", "gate", "grants", "import", "register", "repair-generator", "schema", "schema-2");

    private static final Pattern FULL_SCAN = Pattern.compile(
            "detail=SCAN event_ledger\\b|Seq Scan on event_ledger(?!_)|table=event_ledger type=(ALL|index) ");
    private static final Pattern SORT =
            Pattern.compile("TEMP B-TREE|(=|-> +)(Incremental )?Sort\\b|filesort|temporary");

    /** On SQLite, where constraints' indexes have numbers, the second of the ledger. */
    private static final Pattern BY_ENTITY = Pattern.compile(
            "\\bkey=event_ledger_line|using event_ledger_line|on event_ledger_line|autoindex_event_ledger_2\\b");

    @TempDir
    private Path temp;

    @Test
    void each_statement_is_asked_for_or_reads_all_or_writes() {
        Set<String> all = new TreeSet<>(QUERIES);
        all.addAll(WRITES);
        DialectStatements.operations().stream()
                .filter(name -> name.startsWith("verify-"))
                .forEach(all::add);
        assertThat(DialectStatements.operations()).containsExactlyElementsOf(all);
    }

    /** Without statistics, which SQLite doesn't gather unless told to; with them it reads a small ledger whole for the few events of a key. */
    @Test
    void sqlite_reads_by_indexes() throws Exception {
        TestServers.onSqlite(temp, place -> {
            fill(place);
            assertPlans(place, "sqlite");
            if (ROWS >= LARGE) {
                place.execute("ANALYZE");
                assertPlans(place, "sqlite-analyzed");
            }
        });
    }

    @Test
    void postgres_reads_by_indexes() throws Exception {
        TestServers.onPostgres(place -> {
            fill(place);
            assertPlans(place, "postgres");
        });
    }

    @Test
    void mysql_reads_by_indexes() throws Exception {
        TestServers.onMysql(place -> {
            fill(place);
            assertPlans(place, "mysql");
        });
    }

    @Test
    void mariadb_reads_by_indexes() throws Exception {
        TestServers.onMariadb(place -> {
            fill(place);
            assertPlans(place, "mariadb");
        });
    }

    private static void fill(Place place) throws SQLException {
        new Filling(ROWS, 100).into(place, Subject.LIBRARY, progress -> {});
    }

    private static void assertPlans(Place place, String file) throws Exception {
        List<String> report = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        try (Connection connection = place.pool().getConnection()) {
            for (Map.Entry<String, String> statement :
                    DialectStatements.of(place.dialect(), place.options()).entrySet()) {
                for (List<Object> values : values(statement.getKey())) {
                    String title = statement.getKey() + " " + shortened(values);
                    List<String> plan = new Explainer(place.dialect()).plan(connection, statement.getValue(), values);
                    report.add(title);
                    report.addAll(plan);
                    if (isWrong(statement.getKey(), plan)) {
                        wrong.add(title + "\n" + String.join("\n", plan));
                    }
                }
            }
        }
        Path folder = Files.createDirectories(Path.of("target", "plans"));
        Files.write(folder.resolve(file + "-" + ROWS + ".txt"), report);
        assertThat(report).hasSizeGreaterThan(100);
        assertThat(String.join("\n\n", wrong)).isEmpty();
    }

    private static String shortened(List<Object> values) {
        return values.size() > 10 ? values.size() + " values" : values.toString();
    }

    private static boolean isWrong(String statement, List<String> plan) {
        boolean scans = plan.stream().anyMatch(step -> FULL_SCAN.matcher(step).find());
        boolean sorts = plan.stream().anyMatch(step -> SORT.matcher(step).find());
        if (statement.startsWith("replay-key-")) { // no index has the events of an entity by position; they are few
            return scans
                    || plan.stream().noneMatch(step -> BY_ENTITY.matcher(step).find());
        }
        boolean few = statement.equals("voids"); // found by the name that they have in common
        return scans || (sorts && !few);
    }

    /** What is bound, for each way in which the statement is asked for; nothing for what is no query, or reads all. */
    private static List<List<Object>> values(String statement) {
        String operation = statement.replaceFirst("-\\d+$", "");
        return switch (operation) {
            case "generator", "last-position", "last-visible", "registered", "schema-version" -> List.of(List.of());
            case "count-positions", "positions", "voids" -> List.of(List.of(ROWS - PAGE + 1, ROWS));
            case "drawn", "taken-ids" -> List.of(ids(Integer.parseInt(statement.substring(operation.length() + 1))));
            case "first-position" -> List.of(List.of(ROWS, 5L, ROWS));
            case "head" -> List.of(List.of("game", Filling.game(3), "game", Filling.game(3)));
            case "places" -> List.of(List.of(1L, PAGE + 1), List.of(ROWS - 10, PAGE + 1));
            case "replay-entity" ->
                List.of(List.of("game", Filling.game(3), 0L, PAGE), List.of("game", Filling.game(3), 18L, 1L));
            case "stored-under" -> List.of(List.of("some key"));
            default -> operation.startsWith("replay-") ? selections(operation) : List.of();
        };
    }

    private static List<Object> ids(int number) {
        return Collections.nCopies(number, Filling.id(7));
    }

    /** The whole, from the middle on, the first few, and the last page as a tail asks for it, in which few events of a key are found anyhow. */
    private static List<List<Object>> selections(String replay) {
        String selection = replay.replaceAll("^replay-|-(asc|desc)$", "");
        List<List<Object>> all = new ArrayList<>();
        for (List<Object> filter : filters(selection)) {
            all.add(values(1, filter, PAGE));
            all.add(values(ROWS / 2, filter, PAGE));
            if (!selection.equals("key")) {
                all.add(values(1, filter, 2));
                all.add(values(ROWS - PAGE + 1, filter, PAGE));
            }
        }
        return all;
    }

    private static List<Object> values(long from, List<Object> filter, long limit) {
        List<Object> values = new ArrayList<>(List.of(from, ROWS));
        values.addAll(filter);
        values.add(limit);
        return values;
    }

    /** Each in the order in which the statement's selection has it. */
    private static List<List<Object>> filters(String selection) {
        String key = Filling.game(3);
        String other = Filling.game(150);
        List<List<Object>> filters = new ArrayList<>();
        filters.add(
                switch (selection) {
                    case "all" -> List.of();
                    case "entity" -> List.of("game");
                    case "entities" -> List.of("game", "player");
                    case "key" -> List.of("game", key);
                    case "keys" -> List.of("player", key, other, "game");
                    case "name" -> List.of("card-played");
                    case "names" -> List.of("card-played", "game-started");
                    case "keys-names" -> List.of("player", key, other, "game", "card-played", "game-started");
                    default -> throw new IllegalArgumentException(selection);
                });
        if (ROWS >= LARGE) {
            Map<String, List<Object>> rare = Map.of(
                    "entity", List.of("player"),
                    "name", List.of("game-abandoned"),
                    "names", List.of("game-abandoned", "player-moved"));
            filters.addAll(rare.entrySet().stream()
                    .filter(each -> each.getKey().equals(selection))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.toList()));
        }
        return filters;
    }
}
