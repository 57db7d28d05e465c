package io.sqleventstore.conformance;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.DialectStatements;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What every chapter stands on: one store for the whole class, and names that no other test uses. */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD) // whatever the configuration of who runs it says
abstract class Suite {
    /** A property, also of processes that the suite starts. */
    static final String APPENDS_PER_COMMIT = "certify.appends.per.commit";

    private static final String APPENDER = "appender";
    private static final AtomicInteger NAMES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before the first test
    private Place place;

    @SuppressWarnings("NullAway.Init")
    private CountingDataSource connections;

    @SuppressWarnings("NullAway.Init")
    private CountingDataSource joining;

    @SuppressWarnings("NullAway.Init")
    private StoreUnderTest store;

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private Server server;

    // ---- what an adapter's test says ----

    /** {@return what the suite has to know of the database; asked often} */
    protected abstract Fixture fixture();

    /**
     * {@return the server to certify it on; asked once} Closed at the end.
     *
     * @throws TestDatabase.Missing if there is none, so that the dialect is reported as not certified
     * @throws Exception if the server can't be started; the tests fail
     */
    protected abstract TestDatabase database() throws Exception;

    // ---- what the chapters use ----

    /** Finds the server; called before everything else. */
    final void findDatabase() throws Exception {
        database = database();
        server = new Server(database.jdbcUrl(fixture()), fixture());
    }

    @BeforeAll
    final void openStore() {
        place = newPlace();
        SqlSchema.of(place.dataSource(), dialect(), place.options()).install();
        connections = new CountingDataSource(user());
        joining = new CountingDataSource(as(Role.APPENDER, place));
        store = storeOn(connections, place.options());
    }

    /** Whose connections the store under test has: an appender's, who has the least rights, or the owner's if so told. */
    private DataSource user() {
        return isOwner() ? place.dataSource() : as(Role.APPENDER, place);
    }

    /** Whether the store under test has more rights than a certificate speaks of. */
    static boolean isOwner() {
        String role = System.getProperty("certify.role", APPENDER);
        if (!role.equals(APPENDER) && !role.equals(Certificate.OWNER)) {
            throw new IllegalArgumentException(
                    "certify.role is " + role + ": " + APPENDER + " or " + Certificate.OWNER + ".");
        }
        return role.equals(Certificate.OWNER);
    }

    @AfterAll
    final void closeStore() throws Exception {
        try {
            if (store != null) { // else it could not be opened, which is told already
                assertNothingIsOut();
            }
        } finally {
            server.close();
            database.close();
        }
    }

    private void assertNothingIsOut() {
        Assertions.assertThat(connections.open())
                .as("connections that were not given back")
                .isZero();
        Assertions.assertThat(joining.open())
                .as("connections of a caller's that were not given back")
                .isZero();
        Assertions.assertThat(connections.mostOfOneThread())
                .as("connections that one call needed at once")
                .isEqualTo(1);
    }

    /** The server under test. */
    final Server server() {
        return server;
    }

    /** The dialect under test. */
    final Dialect dialect() {
        return fixture().dialect();
    }

    /** An empty place for another store. */
    final Place newPlace() {
        return server.newPlace();
    }

    /** The store under test. */
    final StoreUnderTest store() {
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
        return server.connections(there.urls().apply(role));
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
    final StoreUnderTest storeOn(DataSource dataSource, StoreOptions options) {
        return fixture().open(dataSource, sharing(options));
    }

    /**
     * How many appends of a store share a commit at most, unless a test says so; the property {@code certify.appends.per.commit}, 0 for as many
     * as the dialect has.
     */
    static int appendsPerCommit() {
        return Integer.getInteger(APPENDS_PER_COMMIT, 0);
    }

    /** These options, with {@link #appendsPerCommit} where they don't say. */
    static StoreOptions sharing(StoreOptions options) {
        return options.appendsPerCommit() == 0 ? options.withAppendsPerCommit(appendsPerCommit()) : options;
    }

    /** Another store on the same tables whose every call meets that tamper from now on, but not before it is open. */
    final StoreUnderTest tampered(StoreOptions options, Tampering.Tamper tamper) {
        AtomicBoolean armed = new AtomicBoolean();
        StoreUnderTest tampered =
                storeOn(Tampering.with(connections, call -> armed.get() ? tamper.at(call) : call.proceed()), options);
        armed.set(true);
        return tampered;
    }

    /** Runs a test on a store that has no event yet. */
    final void onEmptyStore(BiConsumer<Place, StoreUnderTest> test) {
        Place empty = newPlace();
        try {
            SqlSchema.of(empty.dataSource(), dialect(), empty.options()).install();
            test.accept(empty, storeOn(empty.dataSource(), empty.options()));
        } finally {
            empty.drop().run();
        }
    }

    /** Runs the statements that made the tables in the first release, as a migration tool would. */
    final void installFirstVersion(Place there) {
        List<String> statements = new ArrayList<>();
        DialectStatements.of(dialect(), there.options()).forEach((name, sql) -> {
            if (name.matches("schema-\\d\\d")) {
                statements.add(sql);
            }
        });
        try (Connection connection = there.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            dialect().beforeInstall(connection);
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Sets the generator of positions above what was written by hand. */
    final void mendGenerator(Place there) {
        SqlSchema schema = SqlSchema.of(there.dataSource(), dialect(), there.options());
        schema.install();
        if (!fixture().generatorIsExact()) {
            schema.repairGenerator();
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
        for (String user : server.userNames()) {
            Assertions.assertThat(runAsOwner(fixture().grant(name, user))).isNull();
        }
        return name;
    }

    /** Runs a statement as the tables' owner, on a connection that no dialect has prepared; returns what it threw. */
    final @Nullable Throwable runAsOwner(String sql) {
        return refusal(place.dataSource(), sql);
    }

    /** What a user's statement throws, in a transaction of its own; null if nothing. */
    static @Nullable Throwable refusal(DataSource user, String sql) {
        return Assertions.catchThrowable(() -> run(user, sql));
    }

    /** Runs a statement in a transaction of its own and reads all that it returns: a refusal may come after rows. */
    static void run(DataSource user, String sql) throws SQLException {
        try (Connection connection = user.getConnection();
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() >= 0) {
                if (rows) {
                    readOn(statement.getResultSet());
                }
                rows = statement.getMoreResults();
            }
        }
    }

    private static void readOn(ResultSet rows) throws SQLException {
        boolean more = true;
        while (more) {
            more = rows.next();
        }
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
            levels.addAll(fixture().furtherIsolationLevels(connection));
            Assertions.assertThat(levels).as("isolation levels").isNotEmpty();
            return levels;
        } catch (SQLException e) {
            throw new AssertionError("the isolation levels", e);
        }
    }

    /** These, at that isolation level. */
    static DataSource atLevel(DataSource connections, int level) {
        return Tampering.with(connections, call -> {
            Object result = call.proceed();
            if (result instanceof Connection connection) {
                connection.setTransactionIsolation(level);
            }
            return result;
        });
    }

    /** All events of an entity name, in position order. */
    final List<StoredEvent> all(String entityName) {
        return store.replay(Selection.all().ofEntity(entityName)).toList();
    }
}
