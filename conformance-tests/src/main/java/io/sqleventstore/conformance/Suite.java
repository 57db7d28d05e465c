package io.sqleventstore.conformance;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What every chapter stands on: one store for the whole class, and names that no other test uses. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class Suite {
    private static final AtomicInteger NAMES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before the first test
    private Place place;

    @SuppressWarnings("NullAway.Init")
    private CountingDataSource connections;

    @SuppressWarnings("NullAway.Init")
    private CountingDataSource joining;

    @SuppressWarnings("NullAway.Init")
    private SqlEventStore store;

    private final Map<String, DataSource> byUrl = new ConcurrentHashMap<>();

    // ---- what an adapter's test says ----

    /** The dialect to certify. */
    protected abstract Dialect dialect();

    /** A new, empty place for a store's tables. */
    protected abstract Place newPlace();

    /** Called once after everything else: stops what the test has started. */
    protected void stop() throws Exception {}

    /** The unit in which the database's clock counts. */
    protected Duration timePrecision() {
        return Duration.ofNanos(1_000);
    }

    /** Whether the database has a TRUNCATE statement. */
    protected boolean truncates() {
        return true;
    }

    /** Whether the database knows users with different rights. */
    protected boolean hasRoles() {
        return true;
    }

    /**
     * Rewritings of an {@code INSERT INTO t (…) VALUES (…)} that overwrite, or pass over, a row that is in the way (contract
     * ORD-6): all that the database has.
     */
    protected List<UnaryOperator<String>> overwritingInserts() {
        return List.of(
                sql -> sql + " ON CONFLICT DO NOTHING",
                sql -> sql + " ON CONFLICT (position) DO UPDATE SET data = EXCLUDED.data",
                sql -> sql + " ON CONFLICT (event_id) DO UPDATE SET data = EXCLUDED.data",
                sql -> sql + " ON CONFLICT (append_key, append_index) DO UPDATE SET data = EXCLUDED.data",
                sql -> sql + " ON CONFLICT (entity, entity_key, revision) DO UPDATE SET event_id = EXCLUDED.event_id");
    }

    /**
     * Statements that change or remove rows of the table {@code {t}}, each of which has a column {@code entity}, and that are no plain
     * UPDATE, DELETE or TRUNCATE (contract IMM-1): all that the database has.
     */
    protected List<String> otherChanges() {
        return List.of(
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = entity",
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN DELETE");
    }

    /**
     * What the driver throws when the database asks to try again: a deadlock victim, a lock timeout. The dialect calls it {@link
     * io.sqleventstore.sql.Fault#RETRYABLE}; unless overridden it has the SQL standard's SQLState for a serialization failure.
     */
    protected SQLException retryable() {
        return new SQLException("try again (on purpose)", "40001");
    }

    /** The URL with what makes a connection's transactions fit for the store to join: settings that it can't make itself there. */
    protected String joinable(String jdbcUrl) {
        return jdbcUrl;
    }

    /** Connections by that URL, which are closed at the end if the data source is {@link AutoCloseable}. */
    protected DataSource connect(String jdbcUrl) {
        return ServerPlaces.pool(jdbcUrl);
    }

    /** Lets every user read and write a table of the owner's; not called without {@link #hasRoles() roles}. */
    protected String grantToAll(String table) {
        return "GRANT SELECT, INSERT ON " + table + " TO PUBLIC";
    }

    /** Whether only one transaction can write at a time, so that positions are committed in the order they are drawn in. */
    protected boolean writersTakeTurns() {
        return false;
    }

    /** Ends the session behind a connection, at once and without the client's doing, as a crash or an administrator would. */
    protected abstract void kill(Connection connection) throws SQLException;

    /**
     * The statement that makes the transaction it is executed in wait for a lock only briefly, far less than a second; empty
     * if the database has none, so that it waits until the lock is free.
     */
    protected String shortLockTimeout() {
        return "";
    }

    // ---- what the chapters use ----

    @BeforeAll
    final void openStore() {
        place = newPlace();
        SqlSchema.of(place.dataSource(), dialect(), place.options()).install();
        connections = new CountingDataSource(user());
        joining = new CountingDataSource(byUrl(joinable(place.urls().apply(Role.APPENDER))));
        store = SqlEventStore.open(connections, dialect(), place.options());
    }

    /** Whose connections the store under test has: an appender's, who has the least rights, or the owner's if so told. */
    private DataSource user() {
        return System.getProperty("certify.role", "appender").equals("owner")
                ? place.dataSource()
                : as(Role.APPENDER, place);
    }

    @AfterAll
    final void closeStore() throws Exception {
        Assertions.assertThat(connections.open())
                .as("connections that were not given back")
                .isZero();
        Assertions.assertThat(joining.open())
                .as("connections of a caller's that were not given back")
                .isZero();
        Assertions.assertThat(connections.mostOfOneThread())
                .as("connections that one call needed at once")
                .isEqualTo(1);
        for (DataSource each : byUrl.values()) {
            if (each instanceof AutoCloseable open) {
                open.close();
            }
        }
        place.drop().run();
        stop();
    }

    /** The store under test. */
    final SqlEventStore store() {
        return store;
    }

    /** Connections to the store under test, as it has them itself; every one is counted. */
    final CountingDataSource connections() {
        return connections;
    }

    /** An appender's connections for transactions that the store under test may join; every one is counted. */
    final CountingDataSource joining() {
        return joining;
    }

    /** Where the store under test is. */
    final Place place() {
        return place;
    }

    /** Connections that have only the rights of that role in the place (contract SEC-2). */
    final DataSource as(Role role, Place there) {
        return byUrl(there.urls().apply(role));
    }

    private DataSource byUrl(String jdbcUrl) {
        return byUrl.computeIfAbsent(jdbcUrl, this::connect);
    }

    final StoreOptions options() {
        return place.options();
    }

    /** A name that no other test uses, such as {@code game17}. */
    static String unique(String what) {
        return what + NAMES.incrementAndGet();
    }

    /** Registers an entity name that no other test uses, with these events. */
    final String newEntityName(String... events) {
        String name = unique("entity");
        store.register(EntityType.of(name, events));
        return name;
    }

    /** An entity that no other test uses, whose name is registered with these events. */
    final Entity newEntity(String... events) {
        return Entity.of(newEntityName(events), "key");
    }

    /** Another store on the same tables. */
    final SqlEventStore storeOn(DataSource dataSource, StoreOptions options) {
        return SqlEventStore.open(dataSource, dialect(), options);
    }

    /** Another store on the same tables whose every call meets that tamper from now on, but not before it is open. */
    final SqlEventStore tampered(StoreOptions options, Tampering.Tamper tamper) {
        AtomicBoolean armed = new AtomicBoolean();
        SqlEventStore tampered =
                storeOn(Tampering.with(connections, call -> armed.get() ? tamper.at(call) : call.proceed()), options);
        armed.set(true);
        return tampered;
    }

    /** Runs a test on a store that has no event yet. */
    final void onEmptyStore(BiConsumer<Place, SqlEventStore> test) {
        Place empty = newPlace();
        try {
            SqlSchema.of(empty.dataSource(), dialect(), empty.options()).install();
            test.accept(empty, SqlEventStore.open(empty.dataSource(), dialect(), empty.options()));
        } finally {
            empty.drop().run();
        }
    }

    /** The qualified name of one of the store's tables, for SQL by hand. */
    final String table(String name) {
        return table(place, name);
    }

    /** As {@link #table(String)}, in that place. */
    static String table(Place place, String name) {
        StoreOptions options = place.options();
        String qualifier = options.schema().isEmpty() ? "" : options.schema() + ".";
        return qualifier + options.prefix() + name;
    }

    /** Creates a table of the owner's in the store's place, with these columns, for every user; returns its qualified name. */
    final String newTable(String columns) {
        String name = table(unique("table"));
        Assertions.assertThat(runAsOwner("CREATE TABLE " + name + " (" + columns + ")"))
                .isNull();
        if (hasRoles()) {
            Assertions.assertThat(runAsOwner(grantToAll(name))).isNull();
        }
        return name;
    }

    /** Runs a statement as the tables' owner, on a connection that no dialect has prepared; returns what it threw. */
    final @Nullable Throwable runAsOwner(String sql) {
        return Assertions.catchThrowable(() -> {
            try (Connection connection = place.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    /** The transaction isolation levels that the database has. */
    final List<Integer> isolationLevels() {
        try (Connection connection = place.dataSource().getConnection()) {
            List<Integer> levels = new ArrayList<>();
            for (int level : List.of(
                    Connection.TRANSACTION_READ_UNCOMMITTED,
                    Connection.TRANSACTION_READ_COMMITTED,
                    Connection.TRANSACTION_REPEATABLE_READ,
                    Connection.TRANSACTION_SERIALIZABLE)) {
                if (connection.getMetaData().supportsTransactionIsolationLevel(level)) {
                    levels.add(level);
                }
            }
            Assertions.assertThat(levels).as("isolation levels").isNotEmpty();
            return levels;
        } catch (SQLException e) {
            throw new AssertionError("the isolation levels", e);
        }
    }

    /** All events of an entity name, in position order. */
    final List<StoredEvent> all(String entityName) {
        return store.replay(Selection.all().ofEntity(entityName)).toList();
    }
}
