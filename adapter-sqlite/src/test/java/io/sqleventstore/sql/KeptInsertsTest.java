package io.sqleventstore.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptInsertsTest {
    private final KeptInserts kept = new KeptInserts();
    private final List<Connection> opened = new ArrayList<>();

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        opened.add(connection);
        return connection;
    }

    @AfterEach
    void close() throws SQLException {
        for (Connection connection : opened) {
            connection.close();
        }
    }

    private PreparedStatement keep(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        kept.keep(connection, sql, statement);
        return statement;
    }

    @Test
    void who_takes_one_has_it_alone() throws SQLException {
        Connection connection = connect();
        PreparedStatement statement = keep(connection, "SELECT 1");

        assertThat(kept.take(connection, "SELECT 2")).isNull();
        assertThat(kept.take(connect(), "SELECT 1")).isNull();
        assertThat(kept.take(connection, "SELECT 1")).isSameAs(statement);
        assertThat(kept.take(connection, "SELECT 1")).isNull();
    }

    @Test
    void of_two_with_the_same_text_one_is_closed() throws SQLException {
        Connection connection = connect();
        PreparedStatement first = keep(connection, "SELECT 1");
        PreparedStatement second = keep(connection, "SELECT 1");

        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isFalse();
    }

    @Test
    void the_one_that_was_not_used_for_the_longest_time_makes_way() throws SQLException {
        Connection connection = connect();
        List<PreparedStatement> statements = new ArrayList<>();
        for (int i = 0; i < KeptInserts.STATEMENTS; i++) {
            statements.add(keep(connection, "SELECT " + i));
        }
        kept.keep(connection, "SELECT 0", kept.take(connection, "SELECT 0")); // used
        keep(connection, "SELECT 'new'");

        assertThat(statements.get(1).isClosed()).isTrue();
        statements.remove(1);
        for (PreparedStatement other : statements) {
            assertThat(other.isClosed()).isFalse();
        }
    }

    @Test
    void there_is_room_for_few_that_are_long() throws SQLException {
        Connection connection = connect();
        String half = "SELECT '" + "x".repeat(KeptInserts.CHARACTERS / 2 - 10);
        PreparedStatement first = keep(connection, half + "1'");
        PreparedStatement second = keep(connection, half + "2'");
        assertThat(first.isClosed()).isFalse();

        PreparedStatement third = keep(connection, half + "3'");
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isFalse();
        assertThat(third.isClosed()).isFalse();
        assertThat(keep(connection, half + "x".repeat(KeptInserts.CHARACTERS) + "'")
                        .isClosed())
                .as("longer than there is room")
                .isTrue();
        assertThat(third.isClosed()).isFalse();
    }

    @Test
    void there_is_room_for_a_few_connections_and_closed_ones_are_forgotten() throws SQLException {
        for (int i = 0; i < KeptInserts.CONNECTIONS; i++) {
            assertThat(keep(connect(), "SELECT 1").isClosed()).isFalse();
        }
        Connection further = connect();
        assertThat(keep(further, "SELECT 1").isClosed()).isTrue();
        assertThat(kept.connections()).isEqualTo(KeptInserts.CONNECTIONS);

        opened.get(0).close();
        opened.get(1).close();
        assertThat(keep(further, "SELECT 1").isClosed()).isFalse();
        assertThat(kept.connections()).isEqualTo(KeptInserts.CONNECTIONS - 1);
    }
}
