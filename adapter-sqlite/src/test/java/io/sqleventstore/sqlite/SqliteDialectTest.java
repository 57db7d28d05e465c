package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteDialectTest {
    private final SqliteDialect dialect = new SqliteDialect();

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite::memory:");
    }

    private Instant read(String text) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement("SELECT ?")) {
            query.setString(1, text);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return dialect.instant(row, 1);
            }
        }
    }

    @Test
    void a_time_is_read_as_java_reads_it() throws SQLException {
        for (String text : List.of(
                "2025-04-07T12:34:56.789Z",
                "2024-02-29T23:59:59.001Z",
                "1969-12-31T23:59:59.999Z",
                "2025-04-07T12:34:56.789012Z",
                "2025-04-07T24:00:00.000Z",
                "2016-12-31T23:59:60.000Z",
                "2025-04-07T12:34:56Z")) {
            assertThat(read(text)).isEqualTo(Instant.parse(text));
        }
    }

    @Test
    void what_is_no_time_is_refused() {
        for (String text : List.of(
                "2025-02-29T12:34:56.789Z",
                "2025-04-07T25:34:56.789Z",
                "2025-04-07T12:34:56+0100",
                "2025-04-07T12:34:56.7890",
                "2025-04-07T12:34:56:789Z",
                "2025-04-07 12:34:56.789Z",
                "2025-04-+7T12:34:56.789Z")) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(DateTimeException.class);
        }
    }

    @Test
    void a_session_has_all_settings() throws SQLException {
        try (Connection connection = connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("PRAGMA synchronous = OFF");
                statement.executeUpdate("PRAGMA busy_timeout = 1");
            }
            dialect.prepare(connection);

            assertThat(setting(connection, "synchronous")).isEqualTo(2);
            assertThat(setting(connection, "busy_timeout")).isEqualTo(10_000);
        }
    }

    private static int setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.getInt(1);
        }
    }
}
