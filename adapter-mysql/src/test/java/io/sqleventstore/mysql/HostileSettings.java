package io.sqleventstore.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What sessions and servers may be set to, and what the store makes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileSettings {
    private static final String PLACE = "es_hostile";
    private static final String USER = "es_hostile_user";
    private static final List<String> MODES = List.of(
            "",
            "ANSI_QUOTES",
            "NO_BACKSLASH_ESCAPES",
            "ALLOW_INVALID_DATES",
            "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,NO_AUTO_VALUE_ON_ZERO");

    /** One character takes four bytes, another a quotation mark that a driver has to escape. */
    private static final String DATA = "{\"text\":\"it's 東京 😀 \\\\ \\\" `x` %\"}";

    private static final String ROW =
            "INSERT INTO es_hostile.event_ledger (event_id, entity, entity_key, revision, event, append_key,"
                    + " append_index, data, recorded_at) VALUES (RANDOM_BYTES(16), 'game', '%s', %d, 'played', '%s', 0, '%s', '%s')";
    private static final String NOW = "2026-01-02 03:04:05";

    private final InnoDbFixture fixture;
    private final StoreOptions options = StoreOptions.defaults().withSchema(PLACE);
    private TestDatabase database;
    private String url;

    @SuppressWarnings("NullAway.Init")
    HostileSettings(InnoDbFixture fixture) {
        this.fixture = fixture;
    }

    abstract TestDatabase find() throws Exception;

    @BeforeAll
    void create() throws Exception {
        try {
            database = find();
        } catch (TestDatabase.Missing missing) {
            throw missing.unlessRequired(fixture.dialect().name());
        }
        url = database.jdbcUrl(fixture);
        execute(url, "DROP DATABASE IF EXISTS " + PLACE, "CREATE DATABASE " + PLACE);
        SqlSchema.of(fixture.connect(url), fixture.dialect(), options).install();
    }

    @AfterAll
    void drop() throws Exception {
        if (url != null) {
            execute(url, "DROP DATABASE " + PLACE, "DROP USER IF EXISTS " + USER);
            database.close();
        }
    }

    private void execute(String on, String... statements) throws SQLException {
        try (Connection connection = fixture.connect(on).getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private String with(String variables) {
        return url + (url.contains("?") ? "&" : "?") + "sessionVariables=" + variables;
    }

    private EventStore open(String on) {
        EventStore store = SqlEventStore.open(fixture.connect(on), fixture.dialect(), options);
        store.register(EntityType.of("game", "played"));
        return store;
    }

    @Test
    void FID_1_ORD_4_DUP_1_no_sql_mode_changes_what_is_stored_or_refused() {
        for (String mode : MODES) {
            EventStore store = open(with("sql_mode='" + mode + "'"));
            Entity game = Entity.of("game", "it's \\ \"" + mode + "\"");
            AppendResult first = store.append(
                    Head.beforeFirst(game).append(NewEvent.of("played", DATA)).withKey("command:" + mode));
            assertThat(store.append(Head.beforeFirst(game)
                                    .append(NewEvent.of("played", DATA))
                                    .withKey("command:" + mode))
                            .repeated())
                    .as(mode)
                    .isTrue();
            assertThatThrownBy(() -> store.append(Head.beforeFirst(game).append(NewEvent.of("played", "{}"))))
                    .as(mode)
                    .isInstanceOf(StaleAppend.class);
            store.append(first.head().append(NewEvent.of("played", "[]"), NewEvent.of("played", DATA)));
            assertThat(store.replay(game).events())
                    .as(mode)
                    .extracting(StoredEvent::data)
                    .containsExactly(DATA, "[]", DATA);
        }
    }

    @Test
    void ORD_6_no_sql_mode_lets_a_wrong_row_in() throws SQLException {
        EventStore store = open(url);
        long before = store.replay(Selection.all()).count();
        for (String mode : MODES) {
            String session = with("sql_mode='" + mode + "'");
            for (String wrong : List.of(
                    row("x".repeat(256), 1, "a", "{}", NOW),
                    row("key", 1, "x".repeat(256), "{}", NOW),
                    row("key", 5, "a", "{}", NOW),
                    row("key", 1, "a", "no json", NOW),
                    row("key", 1, "a", "", NOW),
                    row("", 1, "a", "{}", NOW),
                    row("key", 1, "a", "{}", "x"),
                    row("key", 1, "a", "{}", "0000-00-00 00:00:00"),
                    row("key", 1, "a", "{}", "2024-02-31 00:00:00"),
                    row("key", 1, "a", "{}", NOW).replace("'played'", "'unregistered'"))) {
                assertThatThrownBy(() -> execute(session, wrong))
                        .as("%s, sql_mode '%s'", wrong, mode)
                        .isInstanceOf(SQLException.class);
            }
        }
        assertThat(store.replay(Selection.all()).count()).isEqualTo(before);
        execute(url, row("right", 1, "right", "{}", NOW));
        assertThat(store.replay(Selection.all()).count()).isEqualTo(before + 1);
    }

    private static String row(String key, int revision, String appendKey, String data, String time) {
        return ROW.formatted(key, revision, appendKey, data, time);
    }

    @Test
    void ERR_1_an_event_beyond_the_servers_packet_is_refused_with_what_to_do() throws SQLException {
        int before = packet();
        try {
            execute(url, "SET GLOBAL max_allowed_packet = 1048576");
            EventStore store = open(url);
            Entity game = Entity.of("game", "packet");
            NewEvent large = NewEvent.of("played", "[\"" + "x".repeat(2 << 20) + "\"]");
            assertThatThrownBy(() -> store.append(Head.beforeFirst(game).append(large)))
                    .isInstanceOf(StoreFailure.class)
                    .hasStackTraceContaining("max_allowed_packet");
            store.append(Head.beforeFirst(game).append(NewEvent.of("played", "{}")));
            assertThat(store.replay(game).events()).hasSize(1);
        } finally {
            execute(url, "SET GLOBAL max_allowed_packet = " + before);
        }
    }

    private int packet() throws SQLException {
        try (Connection connection = fixture.connect(url).getConnection()) {
            return Integer.parseInt(InnoDbFixture.answer(connection, "SELECT @@GLOBAL.max_allowed_packet"));
        }
    }

    /** By the store, or by the driver before it; each driver knows one of the settings. */
    @Test
    void FID_2_a_character_set_that_loses_texts_is_refused() {
        String latin = with("character_set_client=latin1") + "&characterEncoding=ISO-8859-1";
        assertThatThrownBy(() -> SqlEventStore.open(fixture.connect(latin), fixture.dialect(), options))
                .hasStackTraceContaining("utf8mb4");
    }

    /** With a binary log, MySQL lets only who has SUPER, or whom it is told to trust, create triggers. */
    @Test
    void SEC_2_a_user_with_the_rights_that_are_named_installs() throws SQLException {
        String mine = PLACE + "_mine";
        execute(
                url,
                "DROP USER IF EXISTS " + USER,
                "DROP DATABASE IF EXISTS " + mine,
                "CREATE DATABASE " + mine,
                "CREATE USER " + USER + " IDENTIFIED BY 'secret'",
                "GRANT CREATE, CREATE VIEW, TRIGGER, REFERENCES, SELECT, INSERT ON " + mine + ".* TO " + USER);
        try {
            SqlSchema schema = SqlSchema.of(
                    fixture.connect(fixture.as(url, USER, "secret")), fixture.dialect(), options.withSchema(mine));
            if (logs() && !trusts()) {
                assertThatThrownBy(schema::install).isInstanceOf(StoreFailure.class);
            } else {
                schema.install();
                assertThat(schema.status().state()).isEqualTo(SqlSchema.State.CURRENT);
            }
        } finally {
            execute(url, "DROP DATABASE " + mine, "DROP USER " + USER);
        }
    }

    private boolean logs() throws SQLException {
        return variable("log_bin");
    }

    private boolean trusts() throws SQLException {
        return variable("log_bin_trust_function_creators");
    }

    private boolean variable(String name) throws SQLException {
        try (Connection connection = fixture.connect(url).getConnection()) {
            return InnoDbFixture.answer(connection, "SELECT @@GLOBAL." + name).equals("1");
        }
    }
}
