package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The rules of the schema are functions too, and a session's {@code search_path} must not choose what they call (contract ORD-6). */
class SearchPathTest {
    private static final String HOME = "es_search_path";
    private static final String EVIL = "es_search_path_evil";
    private static final String EVENT = "INSERT INTO " + HOME
            + ".event_ledger (event_id, entity, entity_key, revision, event, append_key, append_index, data) VALUES"
            + " (gen_random_uuid(), 'g', '%s', %d, 'e', '%s', 0, '{}')";

    private static TestDatabase database;
    private static String url;

    @BeforeAll
    static void install() throws Exception {
        database = PostgresConformanceTest.anyServer();
        url = database.jdbcUrl(new PostgresFixture());
        execute("", "CREATE SCHEMA " + HOME);
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setCurrentSchema(HOME); // not named by the options, so that the script can't name it either
        SqlSchema.of(dataSource, new PostgresDialect(), StoreOptions.defaults()).install();
        execute(
                HOME,
                "INSERT INTO event_registry (entity, event) VALUES ('g', 'e')",
                "CREATE SCHEMA " + EVIL,
                "CREATE FUNCTION " + EVIL + ".yes(bigint, integer) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR " + EVIL + ".= (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = " + EVIL + ".yes)",
                "CREATE FUNCTION " + EVIL + ".yes(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR " + EVIL + ".< (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = " + EVIL + ".yes)",
                "CREATE FUNCTION " + EVIL + ".yes(uuid, uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR " + EVIL + ".= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = " + EVIL + ".yes)",
                "CREATE FUNCTION " + EVIL + ".yes(varchar, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR " + EVIL + ".!~ (LEFTARG = varchar, RIGHTARG = text, FUNCTION = " + EVIL + ".yes)",
                "CREATE TABLE " + EVIL + ".event_registry (entity varchar, event varchar)",
                "INSERT INTO " + EVIL + ".event_registry VALUES ('g', 'unregistered')",
                "CREATE FUNCTION " + EVIL + ".ascii(varchar) RETURNS integer LANGUAGE sql AS 'SELECT 65'",
                "CREATE TABLE " + EVIL
                        + ".event_ledger (entity varchar, entity_key varchar, revision bigint, position bigint)");
    }

    @AfterAll
    static void drop() throws Exception {
        execute("", "DROP SCHEMA " + HOME + " CASCADE", "DROP SCHEMA " + EVIL + " CASCADE");
        database.close();
    }

    private static void execute(String searchPath, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = '" + searchPath + "'");
            if (searchPath.equals(EVIL)) {
                statement.execute("SET search_path = " + EVIL + ", pg_catalog");
            }
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    @Test
    void SEC_2_grants_are_for_the_schema_in_which_the_tables_are() throws SQLException {
        String[] roles = {"es_sp_appender", "es_sp_reader", "es_sp_follower"};
        String all = String.join(", ", roles);
        execute("", "CREATE ROLE " + roles[0], "CREATE ROLE " + roles[1], "CREATE ROLE " + roles[2]);
        try {
            execute(
                    HOME,
                    SqlSchema.grants(new PostgresDialect(), StoreOptions.defaults(), roles[0], roles[1], roles[2]),
                    "SET ROLE " + roles[1],
                    "SELECT count(*) FROM event_ledger");
        } finally {
            execute("", "DROP OWNED BY " + all, "DROP ROLE " + all);
        }
    }

    @Test
    void ORD_6_operators_of_others_make_no_history_begin_in_the_middle() {
        assertThatThrownBy(() -> execute(EVIL, EVENT.formatted("middle", 5, "middle")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23503"));
    }

    @Test
    void REG_1_names_are_looked_up_in_the_store_s_own_registry_whatever_the_search_path() {
        String unregistered = EVENT.formatted("unregistered", 1, "unregistered").replace("'e'", "'unregistered'");
        assertThatThrownBy(() -> execute(EVIL, unregistered))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23503"));
    }

    @Test
    void FID_2_functions_of_others_make_no_reserved_key_legal() {
        assertThatThrownBy(() -> execute(EVIL, EVENT.formatted("reserved", 1, "~reserved")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
    }

    @Test
    void ORD_5_positions_are_compared_with_the_store_s_own_ledger_whatever_the_search_path() throws SQLException {
        execute(EVIL, EVENT.formatted("line", 1, "line 1"));
        String next = "INSERT INTO " + HOME
                + ".event_ledger (position, event_id, entity, entity_key, revision, prior_revision,"
                + " previous_id, event, append_key, append_index, data) SELECT %s, gen_random_uuid(), 'g', 'line', 2, 1, event_id,"
                + " 'e', 'line 2', 0, '{}' FROM " + HOME + ".event_ledger WHERE entity_key = 'line' AND revision = 1";
        assertThatThrownBy(() -> execute(EVIL, next.formatted("position - 1000")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
        execute("", next.formatted("position + 1000"));
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM " + HOME + ".event_ledger WHERE entity_key = 'line'")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(2);
        }
    }

    @Test
    void SEC_2_types_of_others_make_no_void_that_takes_a_key() {
        String taken = "INSERT INTO " + HOME
                + ".event_void (position, event_id, entity, entity_key, revision, event, append_key,"
                + " append_index, data) VALUES (5000000, gen_random_uuid(), '~void', 'x', 1, '~void', 'a key', 0, '[]')";
        assertThatThrownBy(() -> execute("", "CREATE DOMAIN pg_temp.text AS varchar(1)", taken))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
    }

    @Test
    void IMM_1_rows_are_not_removed_or_changed_through_a_parent_of_the_table() throws SQLException {
        execute("", EVENT.formatted("child", 1, "child"));
        for (String table : List.of("event_ledger", "event_registry")) {
            for (String change : List.of("DELETE FROM parent", "UPDATE parent SET event = event")) {
                assertThatThrownBy(() -> execute(
                                HOME,
                                "BEGIN",
                                "CREATE TABLE parent (event " + typeOf(table) + " NOT NULL)",
                                "ALTER TABLE " + table + " INHERIT parent",
                                change))
                        .as("%s, %s", change, table)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("55000"));
            }
        }
    }

    private static String typeOf(String table) {
        return table.equals("event_ledger") ? "varchar(64) COLLATE \"C\"" : "event_ledger_name";
    }

    @Test
    void REG_1_a_name_in_a_child_of_the_registry_is_not_registered() {
        assertThatThrownBy(() -> execute(
                        HOME,
                        "BEGIN",
                        "CREATE TABLE child () INHERITS (event_registry)",
                        "INSERT INTO child VALUES ('g', 'unregistered')",
                        EVENT.formatted("of a child", 1, "of a child").replace("'e'", "'unregistered'")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23503"));
    }

    @Test
    void ORD_6_rules_hold_for_who_sets_session_replication_role() {
        for (String row :
                List.of(EVENT.formatted("replica", 5, "replica"), EVENT.formatted("~replica", 1, "replica"))) {
            assertThatThrownBy(() -> execute("", "SET session_replication_role = replica", row))
                    .as(row)
                    .isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() ->
                        execute("", "SET session_replication_role = replica", "DELETE FROM " + HOME + ".event_ledger"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55000"));
    }
}
