package io.sqleventstore.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.Fault;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be told of the two dialects without a server. */
class InnoDbDialectTest {
    private final List<InnoDbDialect> dialects = List.of(new MysqlDialect(), new MariadbDialect());

    @Test
    void they_are_found_on_the_class_path() {
        assertThat(Dialects.all())
                .hasAtLeastOneElementOfType(MysqlDialect.class)
                .hasAtLeastOneElementOfType(MariadbDialect.class);
    }

    /** SQLState 23000 alone says nothing: rivals took each of them for a conflict. docs/dialects/mysql.md says where the codes are documented. */
    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource({
        "1062, 23000, UNIQUE, duplicate entry",
        "1586, 23000, UNIQUE, duplicate entry with the key's name",
        "1216, 23000, FOREIGN_KEY, no parent row",
        "1452, 23000, FOREIGN_KEY, no parent row with the constraint's name",
        "1048, 23000, CHECK, NULL into a column that takes none",
        "1364, HY000, CHECK, no default value",
        "3819, HY000, CHECK, a CHECK constraint of MySQL",
        "4025, 23000, CHECK, a CHECK constraint of MariaDB",
        "1369, HY000, CHECK, a view's WITH CHECK OPTION",
        "1644, 45000, CHECK, a trigger's SIGNAL",
        "1406, 22001, CHECK, data too long",
        "1264, 22003, CHECK, out of range",
        "1265, 01000, CHECK, data truncated",
        "1292, 22007, CHECK, not of the type",
        "1366, HY000, CHECK, not of the character set or type",
        "1690, 22003, CHECK, result out of range",
        "1213, 40001, RETRYABLE, deadlock",
        "1205, HY000, RETRYABLE, lock wait timeout",
        "1020, HY000, RETRYABLE, changed since the snapshot",
        "3572, HY000, RETRYABLE, NOWAIT",
        "1412, HY000, RETRYABLE, table definition has changed",
        "1615, HY000, RETRYABLE, has to be prepared again",
        "3101, HY000, RETRYABLE, rolled back at its commit by group replication",
        "1317, 70100, RETRYABLE, interrupted",
        "1969, 70100, RETRYABLE, took longer than max_statement_time",
        "3024, HY000, RETRYABLE, took longer than max_execution_time",
        "1053, 08S01, UNAVAILABLE, server shutdown",
        "1927, 70100, UNAVAILABLE, killed",
        "4031, HY000, UNAVAILABLE, idle for too long",
        "1047, 08S01, UNAVAILABLE, no node of the cluster",
        "2006, HY000, UNAVAILABLE, gone away",
        "2013, HY000, UNAVAILABLE, lost",
        "0, S1000, UNAVAILABLE, the driver lost the connection while it read rows",
        "1180, HY000, UNAVAILABLE, error in its commit",
        "1290, HY000, READ_ONLY, the server is read only",
        "1792, 25006, READ_ONLY, the transaction is read only",
        "1836, HY000, READ_ONLY, InnoDB is read only",
        "1142, 42000, OTHER, no right",
        "1146, 42S02, OTHER, no such table",
        "1153, 08S01, OTHER, packet too large",
        "1114, HY000, OTHER, the table is full",
        "1021, HY000, OTHER, the disk is full",
        "1419, HY000, OTHER, triggers need SUPER",
    })
    void each_code_has_its_kind(int code, String state, Fault fault, String meaning) {
        for (InnoDbDialect dialect : dialects) {
            assertThat(dialect.fault(new SQLException(meaning, state, code)))
                    .as("%s: %s", dialect.name(), meaning)
                    .isEqualTo(fault);
        }
    }
}
