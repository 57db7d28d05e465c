package io.sqleventstore.sqlserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.SqlEvidence;
import io.sqleventstore.conformance.SqlPage;
import io.sqleventstore.sql.DialectStatements;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Writes every statement that the adapter can send to {@code target/sql}, where CI lets a T-SQL grammar read them ({@code
 * src/test/tsql/check.js}, which needs Node), and checks what SQL Server limits by counting.
 */
class SqlServerSqlTest {
    private static final int MOST_PARAMETERS = 2_097;
    private static final int MOST_ROWS = 1_000;

    private final Map<String, String> statements = SqlEvidence.of(new SqlServerDialect());

    @Test
    void every_statement_is_written_for_the_grammar() throws IOException {
        Map<String, String> all = new LinkedHashMap<>(statements);
        all.putAll(ofTheDocumentation());
        SqlEvidence.write(all, Path.of("target", "sql"));
        assertThat(DialectStatements.operations())
                .allSatisfy(operation -> assertThat(statements.keySet())
                        .as(operation)
                        .anyMatch(name -> name.startsWith("plain-" + operation))
                        .anyMatch(name -> name.startsWith("placed-" + operation)));
        assertThat(statements).hasSizeGreaterThan(100).containsKeys("class-begin-brief-1", "class-end-brief-1");
    }

    /** What docs/sql.md tells other clients to send. */
    private static Map<String, String> ofTheDocumentation() throws IOException {
        Map<String, String> documented = new LinkedHashMap<>();
        for (SqlPage.Block block : SqlPage.blocks(Path.of("..", "docs", "sql.md"), "sqlserver")) {
            for (String sql : block.statements()) {
                documented.put("documented-%02d".formatted(documented.size() + 1), sql);
            }
        }
        assertThat(documented).hasSizeGreaterThan(20);
        return documented;
    }

    @Test
    void no_statement_has_more_parameters_than_the_server_takes() {
        assertThat(statements)
                .allSatisfy((name, sql) -> assertThat(
                                sql.chars().filter(each -> each == '?').count())
                        .as(name)
                        .isLessThanOrEqualTo(MOST_PARAMETERS));
    }

    @Test
    void no_insert_has_more_rows_than_the_server_takes() {
        assertThat(statements)
                .allSatisfy((name, sql) -> assertThat(
                                sql.lines().filter(line -> line.startsWith("(")).count())
                        .as(name)
                        .isLessThanOrEqualTo(MOST_ROWS));
    }

    @Test
    void who_looks_for_missing_positions_passes_over_writers_and_who_reads_events_does_not() {
        for (String operation :
                new String[] {"places", "positions", "count-positions", "first-position", "last-position"}) {
            assertThat(statements.get("plain-" + operation))
                    .as(operation)
                    .contains("WITH (INDEX (event_ledger_pk), ROWLOCK, READPAST, READCOMMITTEDLOCK)");
        }
        assertThat(statements).allSatisfy((name, sql) -> {
            if (sql.contains("READPAST")) {
                assertThat(name).matches("(plain|placed)-(places|(count-)?positions|(first|last)-position)");
            }
        });
    }

    @Test
    void every_query_waits_for_locks_for_ten_seconds_at_most_but_the_gate_as_long_as_it_is_told() {
        assertThat(statements).allSatisfy((name, sql) -> {
            if (sql.contains("\nFROM")
                    && !sql.contains("INSERT")
                    && !sql.contains("CREATE")
                    && !sql.contains("DECLARE")) {
                assertThat(sql).as(name).startsWith("SET LOCK_TIMEOUT 1000;\nSELECT");
            }
        });
        assertThat(statements.get("plain-gate")).startsWith("SELECT");
    }

    /** A merge or hash join would read the whole registry or ledger, and wait for whoever has written there. */
    @Test
    void foreign_keys_are_checked_by_seeks() {
        assertThat(statements).anySatisfy((name, sql) -> assertThat(name).contains("-import-"));
        statements.forEach((name, sql) -> {
            if (name.matches(".*-(append|import|fence)-\\d+")) {
                assertThat(sql).as(name).endsWith("OPTION (LOOP JOIN)");
            }
            if (name.matches(".*-(replay-entity|stored-under|head)|.*-taken-ids-\\d+")) {
                assertThat(sql).as(name).contains("FORCESEEK");
            }
            if (name.matches(".*-taken-ids-\\d+")) { // of another type than the column it would be no seek
                assertThat(sql).as(name).contains("(CAST(? AS BINARY(16))");
            }
        });
    }

    @Test
    void what_a_caller_of_a_joined_transaction_may_be_refused_leaves_it_alive() {
        for (String operation : new String[] {"append-1", "append-150", "register"}) {
            assertThat(statements.get("plain-" + operation)).startsWith("SET XACT_ABORT OFF;\nINSERT INTO event_");
        }
    }
}
