package io.sqleventstore.sql;

import io.sqleventstore.Selection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;

/**
 * Every statement that a dialect's SQL files can become, as the driver gets it: for a review, or for a grammar to check where there is
 * no server at hand. The engine sends no other, apart from what the dialect's class itself sends.
 */
public final class DialectStatements {
    private static final String ROLE = "some_";

    private final Dialect dialect;
    private final StoreOptions options;
    private final SqlFiles files;
    private final Map<String, String> statements = new LinkedHashMap<>();

    private DialectStatements(Dialect dialect, StoreOptions options) {
        this.dialect = dialect;
        this.options = options;
        this.files = new SqlFiles(dialect, options);
    }

    /** {@return the operations, each of which has a file {@code <operation>.sql}, beside the dialect's class or shared; sorted} */
    public static SortedSet<String> operations() {
        return SqlFiles.OPERATIONS;
    }

    /**
     * {@return the statements by a name that begins with their operation, such as {@code append-2} for two rows or {@code replay-key-desc};
     * sorted by operation} What is repeated for each row is there once, twice and as often as it can be.
     *
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     * @throws IllegalArgumentException if the dialect lacks an operation's file
     */
    public static Map<String, String> of(Dialect dialect, StoreOptions options) {
        DialectStatements all = new DialectStatements(dialect, options);
        operations().forEach(all::add);
        return Collections.unmodifiableMap(all.statements);
    }

    private void add(String operation) {
        switch (operation) {
            case "schema", "schema-2", "repair-generator" -> addScript(operation, files.get(operation));
            case "grants" ->
                addScript(
                        operation,
                        SqlSchema.grants(dialect, options, ROLE + "appender", ROLE + "reader", ROLE + "follower"));
            case "append", "import" -> addRows(operation, batched() ? 1 : dialect.rowsPerInsert());
            case "drawn" -> addRows(operation, dialect.rowsPerInsert());
            case "fence" -> addRows(operation, batched() ? 1 : Settler.VOIDS_PER_INSERT);
            case "taken-ids" -> addRows(operation, Ledger.IDS_PER_QUERY);
            case "replay" -> addSelections(operation);
            default -> add(operation, files.get(operation));
        }
    }

    private boolean batched() {
        return dialect.insertion() == Insertion.BATCH;
    }

    private void addScript(String operation, String script) {
        List<String> each = SqlSchema.statements(script);
        for (int i = 0; i < each.size(); i++) {
            statements.put("%s-%02d".formatted(operation, i + 1), each.get(i)); // as it is: no parameters
        }
    }

    private void addRows(String operation, int most) {
        for (int rows : most == 1 ? new int[] {1} : new int[] {1, 2, most}) {
            add(operation + "-" + rows, files.get(operation, rows));
        }
    }

    private void addSelections(String operation) {
        Map<String, Selection> selections = new LinkedHashMap<>();
        selections.put("all", Selection.all());
        selections.put("entity", Selection.all().ofEntity("a"));
        selections.put("entities", Selection.all().ofEntity("a").ofEntity("b"));
        selections.put("key", Selection.all().ofEntity("a", "1"));
        selections.put("keys", Selection.all().ofEntity("a", "1", "2").ofEntity("b"));
        selections.put("name", Selection.all().named("x"));
        selections.put("names", Selection.all().named("x", "y"));
        selections.put(
                "keys-names",
                Selection.all().ofEntity("a", "1", "2").ofEntity("b").named("x", "y"));
        selections.forEach((name, selection) -> {
            Filter filter = new Filter(selection);
            add(operation + "-" + name + "-asc", files.replay(filter, false));
            add(operation + "-" + name + "-desc", files.replay(filter, true));
        });
    }

    private void add(String name, String sql) {
        statements.put(name, new ColonPrefixSqlParser().parse(sql, null).getSql());
    }
}
