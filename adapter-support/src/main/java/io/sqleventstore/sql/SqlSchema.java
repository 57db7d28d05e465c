package io.sqleventstore.sql;

import static java.util.Objects.requireNonNull;

import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of a store: what they are, whether they are there, and how they get there. Safe for use by many threads and
 * processes at once.
 */
public final class SqlSchema {
    private static final Logger LOG = LoggerFactory.getLogger(SqlSchema.class);

    /** The version of the tables that this library works with. */
    public static final int VERSION = 2;

    /**
     * A statement of a script ends with a semicolon before an empty line, or, where its own last semicolon belongs to it or the database's
     * client needs it, with a line that has a slash or GO and nothing else.
     */
    private static final Pattern END_OF_STATEMENT =
            Pattern.compile("\\r?\\n(?:/|GO)[ \\t]*(\\r?\\n\\s*|$)|;[ \\t]*(\\r?\\n[ \\t]*){2,}|;\\s*$");

    private static final int ATTEMPTS = 20;
    private static final int PAUSE_MILLIS = 50;

    private final DataSource dataSource;
    private final Dialect dialect;
    private final StoreOptions options;
    private final SqlFiles files;

    private SqlSchema(DataSource dataSource, Dialect dialect, StoreOptions options) {
        this.dataSource = requireNonNull(dataSource, "dataSource");
        this.dialect = requireNonNull(dialect, "dialect");
        this.options = requireNonNull(options, "options");
        this.files = new SqlFiles(dialect, options);
    }

    /**
     * {@return the tables in a database whose dialect is on the class path; throws as {@link Dialects#of} does}
     *
     * @param dataSource hands out the connections to the database
     */
    public static SqlSchema of(DataSource dataSource) {
        return of(dataSource, Dialects.of(dataSource), StoreOptions.defaults());
    }

    /**
     * {@return the tables in that place}
     *
     * @param dataSource hands out the connections to the database
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     */
    public static SqlSchema of(DataSource dataSource, Dialect dialect, StoreOptions options) {
        return new SqlSchema(dataSource, dialect, options);
    }

    /**
     * What is found in a database.
     *
     * @param state how it compares
     * @param found the version of the tables found; 0 if there are none
     * @param expected the version that this library works with
     */
    public record Status(State state, int found, int expected) {}

    /** How the tables found compare with those that this library works with. */
    public enum State {
        /** There are no tables. */
        MISSING,
        /** The tables are as they should be. */
        CURRENT,
        /** The tables are as they should be, but the generator of positions is behind the ledger; install mends it. */
        GENERATOR_BEHIND,
        /** The tables are of an older release; install upgrades them. */
        OLDER,
        /** The tables are of a newer release; this library must not touch them. */
        NEWER
    }

    /**
     * {@return the statements that create the tables, as a script for the database's own client or for a migration tool}
     *
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     */
    public static String script(Dialect dialect, StoreOptions options) {
        return script(dialect, options, 0);
    }

    /**
     * The statements that bring tables of an earlier version to {@link #VERSION}, as a script to be run once, by their owner: what {@link
     * #install} executes. A new version only adds to the tables, so writers and readers need not stop meanwhile.
     *
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     * @param from the version that the tables have; 0 if there are none
     * @return empty if they are current
     * @throws IllegalArgumentException if there is no such version, or this library doesn't know it
     */
    public static String script(Dialect dialect, StoreOptions options, int from) {
        if (from < 0 || from > VERSION) {
            throw new IllegalArgumentException(
                    "There is no version %d of the tables to begin with; take 0 to %d.".formatted(from, VERSION));
        }
        String script = scripts(new SqlFiles(dialect, options), from);
        return script.isEmpty() ? "" : script + "\n";
    }

    /** One file a version, in their order; new tables take the same way as old ones, so that they can't differ. */
    private static String scripts(SqlFiles files, int from) {
        return IntStream.rangeClosed(from + 1, VERSION)
                .mapToObj(version -> files.get(version == 1 ? "schema" : "schema-" + version))
                .collect(Collectors.joining("\n\n"));
    }

    /**
     * {@return the statements that give three existing database roles the rights that they need and no more, to be run by the tables'
     * owner}
     * An appender registers and appends, a reader replays and waits at missing positions, a follower settles them as well.
     *
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     * @param appender the role that registers and appends
     * @param reader the role that replays
     * @param follower the role that replays and settles
     * @throws IllegalArgumentException if a name is not a plain identifier in lower case
     */
    public static String grants(
            Dialect dialect, StoreOptions options, String appender, String reader, String follower) {
        return new SqlFiles(dialect, options)
                        .get("grants")
                        .replace("{appender}", StoreOptions.identifier("appender", appender))
                        .replace("{reader}", StoreOptions.identifier("reader", reader))
                        .replace("{follower}", StoreOptions.identifier("follower", follower))
                + "\n";
    }

    /**
     * Looks for the tables.
     *
     * @return what was found
     * @throws StoreUnavailable if there is no connection to be had, or it is lost
     * @throws StoreFailure if the database refuses to tell
     */
    public Status status() {
        try {
            return connected(this::status, Deadline.after(options.timeout()));
        } catch (SQLException e) {
            throw DatabaseFault.explained(dialect, e, "The version of the event store's tables can't be read");
        }
    }

    /**
     * Creates the tables if there are none, upgrades older ones, and mends the generator of positions if it is behind. Idempotent, and safe when
     * many processes do it at once and others append and replay, of the older release too. Roles need their {@link #grants} again for what an
     * upgrade has added.
     *
     * @throws SchemaMismatch if the tables are newer than this library
     * @throws StoreUnavailable if there is no connection to be had, or it is lost again and again
     * @throws StoreFailure if the database refuses; then nothing is left behind where the database can undo DDL, and elsewhere the next
     *     installation goes on
     */
    public void install() {
        SQLException refusal = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Status status = connected(this::improve, Deadline.NEVER);
                if (status.state() == State.CURRENT || status.state() == State.NEWER) {
                    check(status);
                    return;
                }
            } catch (SQLException e) {
                LOG.debug("attempt {} to install the tables failed", attempt, e);
                refusal = e; // another process may be at it: look again
                pause();
            }
        }
        String message = "The event store's tables can't be created or upgraded";
        throw refusal == null
                ? new StoreFailure(message + ": another process undoes it", null)
                : DatabaseFault.explained(dialect, refusal, message);
    }

    /** Creates or mends what it finds to be missing. */
    private Status improve(Connection connection) throws SQLException {
        Status found = status(connection);
        switch (found.state()) {
            case MISSING -> create(connection);
            case OLDER -> run(connection, statements(scripts(files, found.found())));
            case GENERATOR_BEHIND -> repairGenerator(connection);
            default -> {
                return found;
            }
        }
        LOG.info("the event store's tables were {}, version {}; now {}", found.state(), found.found(), VERSION);
        return found;
    }

    /**
     * Sets the generator of positions above the ledger, whatever {@link #status} says: where it keeps numbers in a cache, it may be behind
     * unnoticed, by a cache at most, after rows were written by hand. Waits for transactions that write, or fails.
     *
     * @throws StoreFailure if the database refuses
     */
    public void repairGenerator() {
        try {
            connected(
                    connection -> {
                        repairGenerator(connection);
                        return true;
                    },
                    Deadline.NEVER);
        } catch (SQLException e) {
            throw DatabaseFault.explained(dialect, e, "The generator of positions can't be set");
        }
    }

    private void repairGenerator(Connection connection) throws SQLException {
        run(connection, statements(files.get("repair-generator")));
    }

    /** Throws what {@link SqlEventStore#open(DataSource)} says. */
    void check() {
        try {
            connected(
                    connection -> {
                        check(status(connection));
                        dialect.checkSession(connection);
                        return true;
                    },
                    Deadline.after(options.timeout()));
        } catch (SQLException e) {
            throw DatabaseFault.explained(dialect, e, "The store can't work on these connections");
        }
    }

    /** As {@link #check}, but a generator that is behind is no matter. */
    void checkVersion() {
        Status status = status();
        if (status.state() != State.GENERATOR_BEHIND) {
            check(status);
        }
    }

    private static void check(Status status) {
        switch (status.state()) {
            case CURRENT -> {}
            case MISSING ->
                throw new SchemaMismatch(
                        "The database has no event store tables; install them with SqlSchema.of(dataSource).install() or"
                                + " 'eventstore schema install'.");
            case GENERATOR_BEHIND -> throw generatorBehind();
            case OLDER ->
                throw mismatch(
                        status,
                        "upgrade them, as their owner, with SqlSchema.of(dataSource).install() or 'eventstore schema"
                                + " install'");
            case NEWER -> throw mismatch(status, "use a newer release of the library");
        }
    }

    private static SchemaMismatch mismatch(Status status, String advice) {
        return new SchemaMismatch("The event store tables have version %d, this library works with version %d; %s."
                .formatted(status.found(), status.expected(), advice));
    }

    private Status status(Connection connection) throws SQLException {
        if (!hasVersionTable(connection)) {
            return new Status(State.MISSING, 0, VERSION);
        }
        int found = (int) number(connection, "schema-version");
        return new Status(state(connection, found), found, VERSION);
    }

    private State state(Connection connection, int found) throws SQLException {
        if (found != VERSION) {
            return found == 0 ? State.MISSING : found < VERSION ? State.OLDER : State.NEWER;
        }
        long last = number(connection, "last-position"); // first, since both grow
        return number(connection, "generator") < last ? State.GENERATOR_BEHIND : State.CURRENT;
    }

    private long number(Connection connection, String operation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(files.get(operation));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private boolean hasVersionTable(Connection connection) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        boolean schemas = server.supportsSchemasInDataManipulation() || !server.supportsCatalogsInDataManipulation();
        String home = schemas ? connection.getSchema() : connection.getCatalog();
        String schema = options.schema().isEmpty() ? home : options.schema();
        String catalog = schemas ? connection.getCatalog() : schema; // some databases call their schemas catalogs
        String table = options.prefix() + "event_schema";
        String stored = server.storesUpperCaseIdentifiers() ? table.toUpperCase(Locale.ROOT) : table;
        try (ResultSet tables = server.getTables(catalog, null, stored, new String[] {"TABLE"})) {
            while (tables.next()) {
                String itsSchema = tables.getString(schemas ? "TABLE_SCHEM" : "TABLE_CAT");
                boolean there = schema == null || itsSchema == null || schema.equalsIgnoreCase(itsSchema);
                if (there && table.equalsIgnoreCase(tables.getString("TABLE_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }

    private void create(Connection connection) throws SQLException {
        dialect.beforeInstall(connection);
        run(connection, statements(scripts(files, 0)));
    }

    private void run(Connection connection, List<String> statements) throws SQLException {
        dialect.begin(connection, true);
        try {
            for (String each : statements) {
                execute(connection, each);
            }
            dialect.commit(connection);
        } catch (Throwable e) {
            rollBack(connection, e);
            throw e;
        }
    }

    /** Or else ends the connection, as {@link OwnAccess} does. */
    private void rollBack(Connection connection, Throwable reason) {
        try {
            dialect.rollback(connection);
        } catch (SQLException e) {
            reason.addSuppressed(e);
            OwnSession.quietly(() -> connection.abort(Runnable::run));
        }
    }

    private void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            if (!dialect.isAlreadyThere(e)) {
                throw e;
            }
        }
    }

    /** What an append or an opening throws when positions would be given twice. */
    static SchemaMismatch generatorBehind() {
        return new SchemaMismatch(
                "The database's generator of positions is behind the ledger; was a backup restored? Mend it with"
                        + " SqlSchema.of(dataSource).install() or 'eventstore schema install'.");
    }

    /**
     * {@return the statements of a script, in their order, each as JDBC takes it} Whoever has the database's own client gives it the script
     * as it is.
     *
     * @param script as {@link #script(Dialect, StoreOptions, int)} or {@link #grants} returns it
     */
    public static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        for (String statement : END_OF_STATEMENT.split(script, -1)) {
            if (!statement.isBlank()) {
                statements.add(statement);
            }
        }
        return statements;
    }

    /** What is done with a connection. */
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T connected(Work<T> work, Deadline deadline) throws SQLException {
        try (Connection connection = connect()) {
            OwnSession session = OwnSession.enter(connection, dialect, deadline);
            try {
                return work.on(connection);
            } finally {
                session.leave();
            }
        }
    }

    private Connection connect() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw new StoreUnavailable("No connection to the database.", false, e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Interrupted while installing the tables.", false, e);
        }
    }
}
