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
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.conformance.Server;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.Fault;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What sessions and servers may be set to, and what the store makes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileSettings {
    private static final int DEADLOCKS = 5;
    private static final int NEEDS_TRUST = 1419;
    private static final List<String> MODES = List.of(
            "",
            "ANSI_QUOTES",
            "NO_BACKSLASH_ESCAPES",
            "ALLOW_INVALID_DATES",
            "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,NO_AUTO_VALUE_ON_ZERO");

    /** One character takes four bytes, another a quotation mark that a driver has to escape. */
    private static final String DATA = "{\"text\":\"it's 東京 😀 \\\\ \\\" `x` %\"}";

    private static final String ROW =
            "INSERT INTO %s.event_ledger (event_id, entity, entity_key, revision, event, append_key,"
                    + " append_index, data, recorded_at) VALUES (RANDOM_BYTES(16), 'game', '%s', %d, 'played', '%s', 0, '%s', '%s')";
    private static final String NOW = "2026-01-02 03:04:05";

    private final InnoDbFixture fixture;
    private final String place = Server.newName();
    private final StoreOptions options = StoreOptions.defaults().withSchema(place);
    private final List<DataSource> connections = new ArrayList<>();
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
        execute(url, "CREATE DATABASE " + place);
        SqlSchema.of(connect(url), fixture.dialect(), options).install();
    }

    @AfterAll
    void drop() throws Exception {
        if (url != null) {
            execute(url, "DROP DATABASE " + place);
            for (DataSource each : connections) {
                ((AutoCloseable) each).close();
            }
            database.close();
        }
    }

    /** With the settings that the server has. */
    final DataSource connect() {
        return connect(url);
    }

    private DataSource connect(String on) {
        DataSource made = fixture.connect(on);
        connections.add(made);
        return made;
    }

    private static void execute(String on, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(on);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private String with(String variables) {
        return url + (url.contains("?") ? "&" : "?") + "sessionVariables=" + variables;
    }

    /** Sessions in that mode and in no other: MySQL's driver adds STRICT_TRANS_TABLES unless it is told not to. */
    private String inMode(String mode) throws SQLException {
        String session = with("sql_mode='" + mode + "'") + "&jdbcCompliantTruncation=false";
        try (Connection connection = DriverManager.getConnection(session)) {
            assertThat(InnoDbFixture.answer(connection, "SELECT @@sql_mode").split(","))
                    .containsExactlyInAnyOrder(mode.split(","));
        }
        return session;
    }

    private EventStore open(String on) {
        return open(on, options);
    }

    private EventStore open(String on, StoreOptions itsOptions) {
        return open(connect(on), itsOptions);
    }

    final EventStore open(DataSource dataSource) {
        return open(dataSource, options);
    }

    private EventStore open(DataSource dataSource, StoreOptions itsOptions) {
        EventStore store = SqlEventStore.open(dataSource, fixture.dialect(), itsOptions);
        store.register(EntityType.of("game", "played"));
        return store;
    }

    private void assertLinkRefused(Statement statement, String wrong) {
        assertThatThrownBy(() -> statement.execute(wrong))
                .as(wrong)
                .isInstanceOfSatisfying(SQLException.class, refusal -> {
                    assertThat(fixture.dialect().fault(refusal)).isEqualTo(Fault.FOREIGN_KEY);
                    assertThat(refusal.getSQLState()).isEqualTo("23000");
                });
    }

    @Test
    void ORD_6_a_session_that_looks_at_no_foreign_key_has_its_links_looked_at() throws Exception {
        try (Connection session = DriverManager.getConnection(url);
                Statement statement = session.createStatement()) {
            statement.execute("SET foreign_key_checks = 0");
            SqlEventStore store = SqlEventStore.open(connect(url), fixture.dialect(), options);
            store.register(EntityType.of("game", "played"));
            Entity entity = Entity.of("game", "linked" + Server.newName());
            Head head = store.append(Head.beforeFirst(entity).append(NewEvent.of("played", "{}")))
                    .head();
            String follow = "INSERT INTO " + place
                    + ".event_ledger (event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data)"
                    + " VALUES (RANDOM_BYTES(16), 'game', '%s', %d, %d, %s, 'played', UUID(), 0, '{}')";
            String id = "UNHEX(REPLACE('" + head.eventId() + "', '-', ''))";
            for (String wrong : List.of(
                    follow.formatted(entity.key(), 2, 1, "RANDOM_BYTES(16)"),
                    follow.formatted(entity.key(), 3, 2, id),
                    follow.formatted("another", 2, 1, id),
                    follow.formatted(entity.key(), 2, 1, "event_id"))) { // its own
                assertLinkRefused(statement, wrong);
                assertLinkRefused(statement, wrong.replaceFirst("INSERT", "INSERT IGNORE"));
            }
            assertThat(store.replay(entity).events())
                    .extracting(StoredEvent::head)
                    .containsExactly(head);
            statement.execute(follow.formatted(entity.key(), 2, 1, id));
            assertThat(store.verify().clean()).isTrue();
        }
    }

    @Test
    void FID_1_ORD_4_DUP_1_no_sql_mode_changes_what_is_stored_or_refused() throws SQLException {
        for (String mode : MODES) {
            keeps(mode, open(inMode(mode)));
        }
    }

    private static void keeps(String mode, EventStore store) {
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

    /** A trigger keeps the mode of the session that made it. */
    @Test
    void FID_1_ORD_6_tables_that_were_made_in_any_sql_mode_keep_the_rules() throws SQLException {
        for (String mode : MODES) {
            StoreOptions its = options.withPrefix("m" + MODES.indexOf(mode) + "_");
            SqlSchema.of(connect(inMode(mode)), fixture.dialect(), its).install();
            keeps(mode, open(url, its));
            refusesWrongRows(url, its.prefix(), "made in mode '" + mode + "'");
        }
    }

    @Test
    void ORD_6_no_sql_mode_lets_a_wrong_row_in() throws SQLException {
        EventStore store = open(url);
        for (String mode : MODES) {
            long before = store.replay(Selection.all()).count();
            refusesWrongRows(inMode(mode), "", "sql_mode '" + mode + "'");
            assertThat(store.replay(Selection.all()).count()).as(mode).isEqualTo(before + 1);
        }
    }

    private void refusesWrongRows(String session, String prefix, String which) throws SQLException {
        String right = row("right " + which.hashCode(), 1, "right " + which.hashCode(), "{}", NOW);
        for (String wrong : List.of(
                row("x".repeat(256), 1, "a", "{}", NOW),
                row("x".repeat(300), 1, "a", "{}", NOW),
                row("key", 1, "x".repeat(300), "{}", NOW),
                row("key", 5, "a", "{}", NOW),
                row("key", 1, "a", "no json", NOW),
                row("key", 1, "a", "", NOW),
                row("", 1, "a", "{}", NOW),
                row("key", 1, "a", "{}", "x"),
                row("key", 1, "a", "{}", "0000-00-00 00:00:00"),
                row("key", 1, "a", "{}", "2024-02-31 00:00:00"),
                row("key", 1, "a", "{}", NOW).replace("'played'", "'unregistered'"))) {
            assertThatThrownBy(() -> execute(session, prefixed(wrong, prefix)))
                    .as("%s, %s", wrong, which)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refusal -> assertThat(fixture.dialect().fault(refusal))
                                    .as("%s, %s: %s", wrong, which, refusal)
                                    .isIn(Fault.CHECK, Fault.FOREIGN_KEY, Fault.UNIQUE));
        }
        execute(session, prefixed(right, prefix));
    }

    private static String prefixed(String row, String prefix) {
        return row.replace(".event_ledger", "." + prefix + "event_ledger");
    }

    private String row(String key, int revision, String appendKey, String data, String time) {
        return ROW.formatted(place, key, revision, appendKey, data, time);
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
        try (Connection connection = DriverManager.getConnection(url)) {
            return Integer.parseInt(InnoDbFixture.answer(connection, "SELECT @@GLOBAL.max_allowed_packet"));
        }
    }

    /** By the store, or by the driver before it; each driver knows one of the settings. */
    @Test
    void FID_2_a_character_set_that_loses_texts_is_refused() throws SQLException {
        String latin = with("character_set_client=latin1") + "&characterEncoding=ISO-8859-1";
        assertThatThrownBy(() -> SqlEventStore.open(connect(latin), fixture.dialect(), options))
                .hasStackTraceContaining("utf8mb4");
        assertThatThrownBy(() -> joinAfter("SET NAMES latin1")).hasStackTraceContaining("utf8mb4");
    }

    @Test
    void ORD_6_a_session_that_checks_no_keys_is_refused() throws SQLException {
        for (String setting : fixture.checks()) {
            assertThatThrownBy(() -> SqlEventStore.open(connect(with(setting + "=0")), fixture.dialect(), options))
                    .isInstanceOf(StoreFailure.class)
                    .hasStackTraceContaining(setting);
            assertThatThrownBy(() -> joinAfter("SET " + setting + " = 0"))
                    .isInstanceOf(StoreFailure.class)
                    .hasStackTraceContaining(setting);
        }
    }

    /** Joins a transaction of a session in which that was executed; MariaDB's driver itself refuses some of it. */
    private void joinAfter(String statement) throws SQLException {
        SqlEventStore store = SqlEventStore.open(connect(url), fixture.dialect(), options);
        try (Connection connection = DriverManager.getConnection(url);
                Statement session = connection.createStatement()) {
            connection.setAutoCommit(false);
            store.join(connection);
            session.execute(statement);
            store.join(connection);
        }
    }

    /** InnoDB ends the victim's whole transaction: what its caller commits all the same is not half of it. */
    @Test
    void ATM_2_the_victim_of_a_deadlock_that_commits_anyway_has_stored_nothing() throws Exception {
        execute(url, "CREATE TABLE " + place + ".orders (id INT PRIMARY KEY)");
        SqlEventStore store = (SqlEventStore) open(url);
        for (int round = 0; round < DEADLOCKS; round++) {
            List<Entity> games = List.of(Entity.of("game", "a" + round), Entity.of("game", "b" + round));
            CyclicBarrier halfway = new CyclicBarrier(2);
            ExecutorService two = Executors.newFixedThreadPool(2);
            List<Future<Boolean>> whole = new ArrayList<>();
            for (int number = 0; number < 2; number++) {
                int order = 2 * round + number;
                Entity own = games.get(number);
                Entity other = games.get(1 - number);
                whole.add(two.submit(() -> crossing(store, order, own, other, halfway)));
            }
            List<Boolean> ends =
                    List.of(whole.get(0).get(1, TimeUnit.MINUTES), whole.get(1).get(1, TimeUnit.MINUTES));
            two.shutdown();
            assertThat(ends).as("one of them is the victim").containsExactlyInAnyOrder(true, false);
            for (int number = 0; number < 2; number++) {
                int order = 2 * round + number;
                String rows = "SELECT COUNT(*) FROM " + place + ".orders WHERE id = " + order;
                try (Connection connection = DriverManager.getConnection(url)) {
                    assertThat(InnoDbFixture.answer(connection, rows)).isEqualTo(ends.get(number) ? "1" : "0");
                }
                assertThat(store.replay(games.get(number)).events())
                        .filteredOn(event -> event.data().equals("{\"by\":" + order + "}"))
                        .hasSize(ends.get(number) ? 1 : 0);
            }
        }
    }

    /** Stores a row and an event, and when the other has too, an event where that is; whether it got to its end. */
    private boolean crossing(SqlEventStore store, int order, Entity own, Entity other, CyclicBarrier halfway)
            throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            EventStore joined = store.join(connection);
            statement.execute("INSERT INTO " + place + ".orders VALUES (" + order + ")");
            joined.append(Head.beforeFirst(own).append(NewEvent.of("played", "{\"by\":" + order + "}")));
            halfway.await(10, TimeUnit.SECONDS);
            try {
                joined.append(Head.beforeFirst(other).append(NewEvent.of("played", "{}")));
            } catch (TransactionMustRestart victim) {
                connection.commit();
                return false;
            } catch (StaleAppend theOtherWasFaster) {
                connection.commit();
                return true;
            }
            connection.commit();
            return true;
        }
    }

    @Test
    void FID_3_no_time_zone_of_a_session_moves_recorded_at() throws SQLException {
        for (String zone : List.of("'-03:30'", "'-12:00'")) {
            String session = with("time_zone=" + zone) + "&connectionTimeZone=Asia/Kolkata";
            EventStore store = open(session);
            Entity game = Entity.of("game", "zone " + zone);
            Instant before = Instant.now();
            store.append(Head.beforeFirst(game).append(NewEvent.of("played", "{}")));
            for (EventStore reader : List.of(store, open(url))) {
                assertThat(reader.replay(game).events().get(0).recordedAt())
                        .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
            }
        }
    }

    /** With a binary log, MySQL lets only who has SUPER, or whom it is told to trust, create triggers. */
    @Test
    void SEC_2_a_user_with_the_rights_that_are_named_installs() throws SQLException {
        String mine = Server.newName();
        String user = Server.newName();
        execute(
                url,
                "CREATE DATABASE " + mine,
                "CREATE USER " + user + " IDENTIFIED BY 'Es-1-secret'",
                "GRANT CREATE, CREATE VIEW, TRIGGER, REFERENCES, SELECT, INSERT ON " + mine + ".* TO " + user);
        boolean distrusted = variable("log_bin") && !variable("log_bin_trust_function_creators");
        try {
            SqlSchema schema = SqlSchema.of(
                    connect(fixture.as(url, user, "Es-1-secret")), fixture.dialect(), options.withSchema(mine));
            if (distrusted) {
                assertThatThrownBy(schema::install)
                        .isInstanceOf(StoreFailure.class)
                        .hasMessageContaining("log_bin_trust_function_creators")
                        .cause()
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refusal -> assertThat(refusal.getErrorCode()).isEqualTo(NEEDS_TRUST));
                execute(url, "SET GLOBAL log_bin_trust_function_creators = 1");
            }
            schema.install();
            assertThat(schema.status().state()).isEqualTo(SqlSchema.State.CURRENT);
        } finally {
            if (distrusted) {
                execute(url, "SET GLOBAL log_bin_trust_function_creators = 0");
            }
            execute(url, "DROP DATABASE " + mine, "DROP USER " + user);
        }
    }

    private boolean variable(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return InnoDbFixture.answer(connection, "SELECT @@GLOBAL." + name).equals("1");
        }
    }
}
