package io.sqleventstore.benchmarks;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.StoreOptions;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What a fresh JVM runs: it appends one event and prints how many milliseconds after its start that had returned. */
final class ColdStart {
    private ColdStart() {}

    /** What appends. */
    enum By {
        /** Plain JDBC. */
        HAND,
        LIBRARY
    }

    /** Where the connection is from. */
    enum From {
        DRIVER,
        /** A pool of one. */
        POOL
    }

    /** With names of {@link By} and {@link From}, URL, schema, the dialect's class, and the statement for the naive table. */
    public static void main(String... arguments) throws SQLException, ReflectiveOperationException {
        DataSource driver = new DriverDataSource(arguments[2]);
        DataSource connections = From.valueOf(arguments[1]) == From.POOL ? Place.pool(driver, 1) : driver;
        writer(arguments, connections).append();
        long now = System.currentTimeMillis(); // before the next line loads what it needs
        System.out.println(now - ManagementFactory.getRuntimeMXBean().getStartTime());
        System.exit(0); // the pool's threads would keep it alive
    }

    private static Writer writer(String[] arguments, DataSource connections) throws ReflectiveOperationException {
        if (By.valueOf(arguments[0]) == By.LIBRARY) {
            // the dialect is looked up, as SqlEventStore.open(dataSource) does
            StoreOptions options = StoreOptions.defaults().withSchema(arguments[3]);
            return new LibraryWriter(SqlEventStore.open(connections, Dialects.of(connections), options));
        }
        Object dialect = Class.forName(arguments[4]).getDeclaredConstructor().newInstance();
        return new RawWriter(connections, (Dialect) dialect, arguments[5]);
    }
}
