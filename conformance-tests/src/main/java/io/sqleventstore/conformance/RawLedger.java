package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The ledger's table for a client that writes SQL by hand, and knows nothing of the library. */
final class RawLedger {
    private static final Pattern INSERT = Pattern.compile("\\((.*?)\\).*\\{rows:\\((.*?)\\)}", Pattern.DOTALL);

    private final Place place;
    private final Fixture fixture;
    private final Dialect dialect;
    private final StoreUnderTest store;
    private final DataSource client;
    private final String target;
    private final boolean selects;

    /** The table behind that store, for its owner. */
    RawLedger(Place place, Fixture fixture, StoreUnderTest store) {
        this(place, fixture, store, place.dataSource(), "event_ledger", false);
    }

    private RawLedger(
            Place place, Fixture fixture, StoreUnderTest store, DataSource client, String target, boolean selects) {
        this.place = place;
        this.fixture = fixture;
        this.dialect = fixture.dialect();
        this.store = store;
        this.client = client;
        this.target = target;
        this.selects = selects;
    }

    /** The same for another user. */
    RawLedger as(DataSource user) {
        return new RawLedger(place, fixture, store, user, target, selects);
    }

    /** The same with inserts into a view of the table. */
    RawLedger into(String view) {
        return new RawLedger(place, fixture, store, client, view, selects);
    }

    /** The same with inserts of one row by SELECT: InnoDB reads otherwise then, in triggers too. */
    RawLedger selecting() {
        return new RawLedger(place, fixture, store, client, target, true);
    }

    /** A row to insert: a value for each column; without {@code position} the database chooses it. */
    record Row(Map<String, @Nullable Object> values) {
        /** The row of an event that may follow that head. */
        static Row after(Head head, String event) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("event_id", UUID.randomUUID());
            values.put("entity", head.entity().name());
            values.put("entity_key", head.entity().key());
            values.put("revision", head.revision() + 1);
            values.put("prior_revision", head.isBeforeFirst() ? null : head.revision());
            values.put("previous_id", head.eventId());
            values.put("event", event);
            values.put("append_key", UUID.randomUUID().toString());
            values.put("append_index", 0);
            values.put("data", "{\"by\":\"hand\"}");
            values.put("metadata", null);
            return new Row(values);
        }

        /** The row that says that no event will ever have that position. */
        static Row voidAt(long position) {
            Row row = after(Head.beforeFirst(Entity.of("reserved", "key")), "~void")
                    .with("position", position)
                    .with("entity", "~void")
                    .with("entity_key", "~void:" + position)
                    .with("append_key", "~void:" + position);
            row.values().keySet().removeAll(List.of("prior_revision", "previous_id", "metadata"));
            return row;
        }

        /** This row, but with that value. */
        Row with(String column, @Nullable Object value) {
            Map<String, @Nullable Object> changed = new LinkedHashMap<>();
            if (column.equals("position")) {
                changed.put(column, value);
            }
            changed.putAll(values);
            changed.put(column, value);
            return new Row(changed);
        }

        /** This row, at that revision after that event of whatever entity. */
        Row linked(long revision, @Nullable Long priorRevision, @Nullable UUID previousId) {
            return with("revision", revision)
                    .with("prior_revision", priorRevision)
                    .with("previous_id", previousId);
        }

        UUID id() {
            return (UUID) java.util.Objects.requireNonNull(values.get("event_id"));
        }
    }

    /** A connection as any client would open it; what the dialect sets for its own sessions is not set. */
    Connection connect() throws SQLException {
        return client.getConnection();
    }

    /** Inserts the rows in one statement of their own transaction. */
    void insert(Row... rows) throws SQLException {
        insert(UnaryOperator.identity(), rows);
    }

    /** As {@link #insert(Row...)}, with the statement rewritten. */
    void insert(UnaryOperator<String> rewritten, Row... rows) throws SQLException {
        try (Connection connection = connect()) {
            insert(connection, rewritten, rows);
        }
    }

    /** As {@link #insert(UnaryOperator, Row...)}, on that connection. */
    void insert(Connection connection, UnaryOperator<String> rewritten, Row... rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(rewritten.apply(statement(rows)))) {
            int parameter = 0;
            for (Row row : rows) {
                for (Map.Entry<String, @Nullable Object> column : row.values().entrySet()) {
                    bind(statement, ++parameter, column.getKey(), column.getValue());
                }
            }
            statement.execute();
        }
    }

    private String statement(Row... rows) {
        Map<String, String> parameters = parameters();
        List<String> tuples = Arrays.stream(rows)
                .map(row -> row.values().keySet().stream()
                        .map(column -> parameters.getOrDefault(column, "?"))
                        .collect(Collectors.joining(", ")))
                .toList();
        String into = "INSERT INTO " + Suite.table(place, target) + " ("
                + String.join(", ", rows[0].values().keySet()) + ")";
        if (selects && tuples.size() == 1) {
            String oneRow = Suite.table(place, "event_registry") + " WHERE entity = '~void'";
            return into + " SELECT " + tuples.get(0) + " FROM " + oneRow;
        }
        return tuples.size() == 1
                ? into + " VALUES (" + tuples.get(0) + ")"
                : into + " " + fixture.rowsToInsert(tuples);
    }

    /** How each column's parameter is written in the dialect's own statement. */
    private Map<String, String> parameters() {
        Matcher matcher = INSERT.matcher(dialect.sql("append"));
        assertThat(matcher.find())
                .as("append.sql has columns and a part for each row")
                .isTrue();
        String[] columns = matcher.group(1).split(", ");
        String[] written = matcher.group(2).split(", ");
        assertThat(written).hasSameSizeAs(columns);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < columns.length; i++) {
            parameters.put(columns[i], written[i]);
        }
        return parameters;
    }

    /** Executes a statement in its own transaction. */
    void execute(String sql) throws SQLException {
        Suite.run(client, sql);
    }

    private void bind(PreparedStatement statement, int parameter, String column, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(parameter, typeOf(column));
        } else {
            statement.setObject(parameter, value instanceof UUID id ? dialect.bind(id) : value);
        }
    }

    private int typeOf(String column) {
        return switch (column) {
            case "event_id", "previous_id" ->
                dialect.bind(new UUID(0, 0)) instanceof byte[] ? Types.VARBINARY : Types.OTHER;
            case "position", "revision", "prior_revision", "append_index" -> Types.BIGINT;
            default -> Types.VARCHAR;
        };
    }

    /** All events, as the store reads them. */
    List<StoredEvent> events() {
        return store.replay(Selection.all()).toList();
    }

    /** How many rows the table has, whatever they are. */
    long rows() {
        return number("count(*)");
    }

    /** The highest position that a row has, or 0. */
    long lastPosition() {
        return number("max(position)");
    }

    private long number(String aggregate) {
        String sql = "SELECT " + aggregate + " FROM " + Suite.table(place, "event_ledger");
        try (Connection connection = place.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Asserts that a constraint refuses the rows, and nothing is changed. */
    void assertRefused(String attack, Row... rows) {
        SQLException refusal = assertThrows(attack, rows);
        assertThat(dialect.fault(refusal))
                .as("%s was refused, but not by a constraint: %s", attack, refusal)
                .isIn(Fault.UNIQUE, Fault.FOREIGN_KEY, Fault.CHECK);
    }

    /** Asserts that the rows are refused in some way, and nothing is changed. */
    SQLException assertThrows(String attack, Row... rows) {
        return (SQLException) java.util.Objects.requireNonNull(assertUnchanged(attack, () -> insert(rows), true));
    }

    /** An attack. */
    interface Attack {
        void run() throws SQLException;
    }

    /** Asserts that the attack leaves the ledger as it was; returns what it threw, which it must if so told. */
    @Nullable
    Throwable assertUnchanged(String attack, Attack run, boolean refused) {
        List<StoredEvent> before = events();
        long rows = rows();
        Throwable thrown = catchThrowable(run::run);
        if (refused || thrown != null) {
            assertThat(thrown).as(attack).isInstanceOf(SQLException.class);
        }
        assertThat(events()).as("events after: " + attack).isEqualTo(before);
        assertThat(rows()).as("rows after: " + attack).isEqualTo(rows);
        return thrown;
    }

    /** Asserts that rows that keep every rule are stored: it is not for the statement's form that others are refused. */
    void assertStored(Row... rows) {
        List<StoredEvent> before = events();
        assertThat(catchThrowable(() -> insert(rows)))
                .as("what the control met: " + statement(rows))
                .isNull();
        assertAppended(before, rows);
    }

    /**
     * As {@link #assertStored}, of a statement that might overwrite; where the mere word UPDATE wakes the trigger, it is the
     * trigger that must refuse it, not the parser.
     */
    void assertStoredOrAppendOnly(UnaryOperator<String> rewritten, Row row) {
        List<StoredEvent> before = events();
        Throwable thrown = catchThrowable(() -> insert(rewritten, row));
        if (thrown == null) {
            assertAppended(before, row);
        } else {
            assertThat(thrown)
                    .as("what the control met: " + rewritten.apply(statement(row)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("append-only");
            assertAppended(before);
        }
    }

    private void assertAppended(List<StoredEvent> before, Row... rows) {
        List<StoredEvent> after = events();
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        assertThat(after.subList(before.size(), after.size()))
                .extracting(StoredEvent::id)
                .containsExactlyElementsOf(Arrays.stream(rows).map(Row::id).toList());
    }

    /** Asserts that {@code verify} finds nothing. */
    void assertClean() {
        assertThat(store.verify().checks())
                .allSatisfy(
                        check -> assertThat(check.violations()).as(check.rule()).isEqualTo(Collections.emptyList()));
    }
}
