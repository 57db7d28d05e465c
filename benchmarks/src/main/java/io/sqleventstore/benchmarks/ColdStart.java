package io.sqleventstore.benchmarks;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.StoreOptions;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;

/** What a fresh JVM runs: it appends one event and prints how many milliseconds after its start that had returned. */
final class ColdStart {
    /** Environment variables: others on the machine can read arguments. */
    static final String URL = "EVENTSTORE_BENCH_URL";

    static final String USER = "EVENTSTORE_BENCH_USER";
    static final String PASSWORD = "EVENTSTORE_BENCH_PASSWORD";

    private ColdStart() {}

    /** With the label of a {@link Subject}, a {@link Workload}, schema and the dialect's class. */
    public static void main(String... arguments) throws SQLException, ReflectiveOperationException {
        Address address =
                new Address(Objects.requireNonNull(System.getenv(URL)), System.getenv(USER), System.getenv(PASSWORD));
        DataSource driver = new DriverDataSource(address);
        boolean pooled = Workload.valueOf(arguments[1]) == Workload.COLD_START_POOL;
        DataSource connections = pooled ? Place.pool(driver, 1) : driver;
        Client client = client(Subject.own(arguments[0]), connections, arguments[2], arguments[3]);
        client.append(UUID.randomUUID().toString(), 1);
        long now = System.currentTimeMillis(); // before the next line loads what it needs
        System.out.println(now - ManagementFactory.getRuntimeMXBean().getStartTime());
        System.exit(0); // the pool's threads would keep it alive
    }

    private static Client client(Subject subject, DataSource connections, String schema, String dialect)
            throws ReflectiveOperationException {
        Tally tally = new Tally();
        if (subject.equals(Subject.LIBRARY)) {
            // the dialect is looked up, as SqlEventStore.open(dataSource) does
            StoreOptions options = StoreOptions.defaults().withSchema(schema);
            SqlEventStore store = SqlEventStore.open(connections, Dialects.of(connections), options);
            return new LibraryClient(store, connections, tally);
        }
        Dialect known = Class.forName(dialect)
                .asSubclass(Dialect.class)
                .getConstructor()
                .newInstance();
        return new HandClient(connections, known, new HandSql(known, subject, schema), tally);
    }
}
