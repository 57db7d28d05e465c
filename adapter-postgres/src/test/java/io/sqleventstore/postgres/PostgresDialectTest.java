package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.sql.Fault;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresDialectTest {
    /** Appendix "PostgreSQL Error Codes" of the server's documentation. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "23505, UNIQUE, unique_violation",
        "23503, FOREIGN_KEY, foreign_key_violation",
        "23514, CHECK, check_violation",
        "23502, CHECK, not_null_violation",
        "22001, CHECK, string_data_right_truncation",
        "40001, RETRYABLE, serialization_failure",
        "40P01, RETRYABLE, deadlock_detected",
        "55P03, RETRYABLE, lock_not_available",
        "57014, RETRYABLE, query_canceled",
        "53200, RETRYABLE, out_of_memory",
        "57P01, UNAVAILABLE, admin_shutdown",
        "57P02, UNAVAILABLE, crash_shutdown",
        "57P03, UNAVAILABLE, cannot_connect_now",
        "57P05, UNAVAILABLE, idle_session_timeout",
        "25P03, UNAVAILABLE, idle_in_transaction_session_timeout",
        "25P04, UNAVAILABLE, transaction_timeout",
        "53300, UNAVAILABLE, too_many_connections",
        "25006, READ_ONLY, read_only_sql_transaction",
        "53100, OTHER, disk_full",
        "42501, OTHER, insufficient_privilege",
        "42P01, OTHER, undefined_table",
    })
    void each_state_has_its_kind(String state, Fault fault, String meaning) {
        assertThat(new PostgresDialect().fault(new SQLException(meaning, state)))
                .isEqualTo(fault);
    }
}
