package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Entity;
import io.sqleventstore.NewEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Chapter IMM of the contract. */
abstract class ImmutabilityChapter extends DeduplicationChapter {
    private static final List<String> TABLES = List.of("event_ledger", "event_registry");
    private static final List<String> VIEWS = List.of("replay_events", "event_heads");

    private void storeSomething() {
        Entity entity = newEntity("happened");
        store().append(store().replay(entity).append(NewEvent.of("happened", "{}"), NewEvent.of("happened", "{}")));
    }

    private List<String> columns(String table) {
        return query("SELECT * FROM " + table(table), row -> {
                    List<String> names = new ArrayList<>();
                    ResultSetMetaData columns = row.getMetaData();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        names.add(columns.getColumnName(i));
                    }
                    return names;
                })
                .get(0);
    }

    private SortedSet<String> content(String table) {
        return new TreeSet<>(query("SELECT * FROM " + table(table), row -> {
            StringBuilder all = new StringBuilder();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                all.append(row.getString(i)).append('|');
            }
            return all.toString();
        }));
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Reader<T> reader) {
        List<T> rows = new ArrayList<>();
        try (Connection connection = place().dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(reader.read(row));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return rows;
    }

    /** Asserts that the statement fails loudly and changes nothing. */
    private void assertRefused(String sql) {
        List<SortedSet<String>> before = TABLES.stream().map(this::content).toList();
        assertThat(runAsOwner(sql)).as(sql).isInstanceOf(SQLException.class);
        assertThat(TABLES.stream().map(this::content).toList())
                .as("after " + sql)
                .isEqualTo(before);
    }

    @Test
    final void IMM_1_every_column_is_safe_from_update_for_the_owner_too() {
        storeSomething();
        for (String table : TABLES) {
            List<String> columns = columns(table);
            assertThat(columns).hasSizeGreaterThan(1);
            for (String column : columns) {
                assertRefused("UPDATE " + table(table) + " SET " + column + " = " + column);
                assertRefused("UPDATE " + table(table) + " SET " + column + " = NULL");
            }
            assertUpdatableElsewhere(columns);
        }
        assertRefused("UPDATE " + table("event_ledger")
                + " SET revision = revision WHERE position = (SELECT last FROM (SELECT MAX(position) AS last FROM "
                + table("event_ledger") + ") newest)");
    }

    /** On a table without triggers these updates are carried out: it is not for their form that they are refused. */
    private void assertUpdatableElsewhere(List<String> columns) {
        onScratchTable(String.join(" INTEGER, ", columns) + " INTEGER", scratch -> {
            for (String column : columns) {
                assertThat(runAsOwner("UPDATE " + scratch + " SET " + column + " = " + column))
                        .isNull();
                assertThat(runAsOwner("UPDATE " + scratch + " SET " + column + " = NULL"))
                        .isNull();
            }
        });
    }

    private void onScratchTable(String columns, Consumer<String> work) {
        String scratch = table(unique("scratch"));
        assertThat(runAsOwner("CREATE TABLE " + scratch + " (" + columns + ")")).isNull();
        work.accept(scratch);
        assertThat(runAsOwner("DROP TABLE " + scratch)).isNull();
    }

    @Test
    final void IMM_1_every_other_statement_that_changes_or_removes_is_refused() {
        storeSomething();
        assertThat(fixture().otherChanges(server())).isNotEmpty();
        for (String change : fixture().otherChanges(server())) {
            for (String table : TABLES) {
                assertRefused(change.replace("{t}", table(table)));
            }
            onScratchTable("entity VARCHAR(64)", scratch -> {
                assertThat(runAsOwner("INSERT INTO " + scratch + " VALUES ('x')"))
                        .isNull();
                assertThat(runAsOwner(change.replace("{t}", scratch)))
                        .as("the same on a table that may change")
                        .isNull();
            });
        }
    }

    @Test
    final void IMM_1_delete_is_refused_for_the_owner_too() {
        storeSomething();
        for (String table : TABLES) {
            assertRefused("DELETE FROM " + table(table));
            assertRefused("DELETE FROM " + table(table) + " WHERE entity LIKE 'entity%'");
        }
        assertRefused("DELETE FROM " + table("event_ledger") + " WHERE revision = 2");
    }

    @Test
    final void IMM_1_a_view_is_no_way_around() {
        storeSomething();
        for (String view : VIEWS) {
            for (String column : columns(view)) {
                assertRefused("UPDATE " + table(view) + " SET " + column + " = " + column);
            }
            assertRefused("DELETE FROM " + table(view));
            for (String change : fixture().otherChanges(server())) {
                assertRefused(change.replace("{t}", table(view)));
            }
        }
    }

    @Test
    final void IMM_1_truncate_is_refused_or_unknown() {
        storeSomething();
        for (String table : TABLES) {
            assertRefused("TRUNCATE TABLE " + table(table));
        }
        // a database that has the statement carries it out on any other table
        onScratchTable(
                "n INTEGER",
                scratch -> assertThat(runAsOwner("TRUNCATE TABLE " + scratch) == null)
                        .isEqualTo(fixture().truncates()));
    }
}
