package io.sqleventstore.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Cursor;
import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A schema (SQLite: a file) of the benchmark's own, with the tables of all in it; closing removes it. */
final class Place implements AutoCloseable {
    /** The entity name and the event name of what is measured. */
    static final String ENTITY = "game";

    static final String EVENT = "card-played";

    /** The name of entities that no event is appended to. */
    static final String OTHER_ENTITY = "player";

    /** What the names of floor A's tables begin with. */
    static final String PREFIX_OF_FLOOR_A = "hand_";

    private static final String NO_VOIDS = " WHERE entity <> '~void'";
    private static final int DOCUMENT_BYTES = 500;

    private final Address address;
    private final Dialect dialect;
    private final Server server;
    private final StoreOptions options;
    private final HikariDataSource pool;
    private final List<HikariDataSource> more = new ArrayList<>();
    private final @Nullable SqliteFile file;
    private final Map<Subject, HandSql> floors = new ConcurrentHashMap<>();
    private final Map<Subject, Rival.Session> rivals = new LinkedHashMap<>();

    /** Once there are tables; one for all clients, as in an application. */
    private @Nullable SqlEventStore store;

    /** How many events each table was filled with. */
    private long filled;

    /** Of each table, the last position before the contest. */
    private final Map<Subject, Long> before = new ConcurrentHashMap<>();

    /** How many have begun. */
    private int contest;

    private boolean withFloors = true;
    private @Nullable Process process;
    private boolean closed;

    private Place(
            Address address, Dialect dialect, StoreOptions options, HikariDataSource pool, @Nullable SqliteFile file) {
        this.address = address;
        this.dialect = dialect;
        this.server = Server.of(dialect);
        this.options = options;
        this.pool = pool;
        this.file = file;
    }

    /** A new place, with a pool of that many connections, and so many appends in a commit. */
    static Place create(Address address, int connections, int appendsPerCommit) throws SQLException, IOException {
        @Nullable SqliteFile file = SqliteFile.create(address.url()).orElse(null);
        try {
            Dialect dialect = Dialects.of(new DriverDataSource(address));
            // the name is new, so that nothing that exists is touched
            String schema = "benchmark_" + UUID.randomUUID().toString().substring(0, 8);
            StoreOptions options = StoreOptions.defaults()
                    .withSchema(Server.of(dialect).hasSchemas() ? schema : "")
                    .withAppendsPerCommit(appendsPerCommit);
            return new Place(address, dialect, options, pool(address, dialect, connections), file).fill();
        } catch (SQLException | RuntimeException e) {
            if (file != null) {
                file.delete();
            }
            throw e;
        }
    }

    /** Prepared here too, so that the floors work with the same session settings as the library. */
    private static HikariDataSource pool(Address address, Dialect dialect, int size) {
        return pool(new DriverDataSource(address, dialect::prepare), size);
    }

    static HikariDataSource pool(DataSource connections, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(connections);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    private Place fill() throws SQLException {
        boolean made = false;
        try {
            if (server.hasSchemas()) {
                execute("CREATE SCHEMA " + options.schema());
            }
            made = true;
            store = install(options);
            install(options.withPrefix(PREFIX_OF_FLOOR_A));
            execute(server.createBareTable(table(Subject.FLOOR_B)));
            return this;
        } catch (SQLException | RuntimeException e) {
            if (made) {
                dropSchema();
            }
            pool.close();
            throw e;
        }
    }

    private SqlEventStore install(StoreOptions its) {
        SqlSchema.of(pool, dialect, its).install();
        SqlEventStore opened = SqlEventStore.open(pool, dialect, its);
        opened.register(Filling.TYPES.toArray(EntityType[]::new));
        return opened;
    }

    /** The library is alone here. */
    void leaveOutFloors() {
        withFloors = false;
    }

    /** Puts so many events into the table of each, before anything else is stored. */
    void fillLedger(long events, Consumer<String> progress) throws SQLException {
        Filling filling = new Filling(events, DOCUMENT_BYTES);
        for (Subject subject : subjects()) {
            filling.into(this, subject, progress);
        }
        filled = events;
    }

    /** What is stored from now on belongs to the next contest. */
    void beginContest() throws SQLException {
        contest++;
        for (Subject subject : subjects()) {
            if (!subject.isRival()) {
                before.put(subject, lastPosition(subject));
            }
        }
    }

    /** The number of the contest, which is in the keys of its entities. */
    int contest() {
        return contest;
    }

    /** The last position before the contest; 0 if there was no event. */
    long before(Subject subject) {
        return before.getOrDefault(subject, 0L);
    }

    /** Where a tail of the library goes on that has had all events. Those that were not filled are read for that: it decides positions that are missing. */
    Cursor cursor() {
        try (Stream<StoredEvent> events = store().replay(Selection.all().from(Math.max(1, filled)))) {
            return events.reduce((one, next) -> next)
                    .map(last -> new Cursor(last.position() + "-" + last.id()))
                    .orElse(Cursor.START);
        }
    }

    SqlEventStore store() {
        return Objects.requireNonNull(store);
    }

    /** Opens rivals here, too. */
    void admit(List<Rival> others, boolean replaysAll) throws Exception {
        for (Rival each : others) {
            Rival.Site site = new Rival.Site(address, pool, options.schema(), pool.getMaximumPoolSize(), replaysAll);
            rivals.put(each.subject(), each.open(site));
        }
    }

    /** Who works here. */
    List<Subject> subjects() {
        List<Subject> own = withFloors ? Subject.OWN : List.of(Subject.LIBRARY);
        return Stream.concat(own.stream(), rivals.keySet().stream()).toList();
    }

    /** A new client of that kind, which tells the tally what it does. */
    Client client(Subject subject, Tally tally) {
        Rival.@Nullable Session rival = rivals.get(subject);
        if (rival != null) {
            return new RivalClient(rival.worker(), tally);
        }
        return subject.equals(Subject.LIBRARY)
                ? new LibraryClient(store(), pool, tally)
                : new HandClient(pool, dialect, sql(subject), tally);
    }

    HandSql sql(Subject floor) {
        return floors.computeIfAbsent(floor, its -> new HandSql(dialect, its, options.schema()));
    }

    /** Another pool, for those whom nobody else is to wait for; closing closes it. */
    synchronized DataSource newPool(int connections) {
        requireOpen();
        HikariDataSource made = pool(address, dialect, connections);
        more.add(made);
        return made;
    }

    Address address() {
        return address;
    }

    DataSource pool() {
        return pool;
    }

    Dialect dialect() {
        return dialect;
    }

    Server server() {
        return server;
    }

    StoreOptions options() {
        return options;
    }

    String table(Subject subject) {
        return subject.table(options.schema());
    }

    /** How many events the contest has stored. */
    long stored(Subject subject) throws SQLException {
        return count(subject, before(subject));
    }

    /** How many events are there. */
    long all(Subject subject) throws SQLException {
        return filled + count(subject, filled);
    }

    private long count(Subject subject, long after) throws SQLException {
        String own = subject.isRival() ? "" : NO_VOIDS + " AND position > " + after;
        return Long.parseLong(ask("SELECT count(*) FROM " + table(subject) + own));
    }

    /** Where the last event is, or 0. */
    long lastPosition(Subject subject) throws SQLException {
        String last = ask("SELECT position FROM " + table(subject) + NO_VOIDS + " ORDER BY position DESC LIMIT 1");
        return last.isEmpty() ? 0 : Long.parseLong(last);
    }

    /** The bytes that the table and each of its indexes take on the disk, by their names. */
    Map<String, Long> sizes(Subject subject) throws SQLException {
        String sql = server.script("sizes")
                .replace("{table}", table(subject))
                .replace("{schema}", options.schema())
                .replace("{name}", subject.table(""));
        Map<String, Long> sizes = new LinkedHashMap<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            String query = runAllButLast(statement, sql.split(";\n", -1));
            try (ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    sizes.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return sizes;
    }

    private static String runAllButLast(Statement statement, String... all) throws SQLException {
        int last = all.length - 1;
        for (int i = 0; i < last; i++) {
            statement.execute(all[i]);
        }
        return all[last];
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one value that a query answers. */
    String ask(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    /** Starts a process that works here, one at a time; closing ends it. */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        requireOpen();
        Process started = builder.start();
        process = started;
        return started;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The place is closed.");
        }
    }

    /** Removes what was created, nothing else; also while clients are at work, who fail then. The second time it does nothing. */
    @Override
    public synchronized void close() throws SQLException, IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        try (pool) {
            rivals.values().forEach(Rival.Session::close);
            more.forEach(HikariDataSource::close);
        } finally {
            dropSchema();
        }
        if (file != null) {
            file.delete();
        }
    }

    /** On a connection of its own: those of the pool may be busy, or closed. */
    private void dropSchema() throws SQLException {
        if (server.hasSchemas()) {
            try (Connection connection = address.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(server.dropSchema(options.schema()));
            } catch (SQLException e) {
                throw new SQLException(
                        "the schema " + options.schema() + " could not be dropped: " + e.getMessage(), e);
            }
        }
    }
}
