package io.sqleventstore.torture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.StoreOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that uses the store: several writers, a reader and a tail. It is told by lines on its standard input: {@code calm}, when its writers
 * are to end what they have begun, and then {@code drain}, when its tail is to reach the end; it answers each by a line when that is done. When
 * the input ends, so does the process.
 */
final class Client {
    /** The environment variable with its {@link Orders}, in JSON. */
    static final String ORDERS = "TORTURE_ORDERS";

    static final String CALM = "calm";
    static final String DRAIN = "drain";
    static final String COUNT = "acknowledged ";

    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final long CONNECTION_MILLIS = 2_000;
    private static final long VALIDATION_MILLIS = 1_000;
    private static final int LONGEST_OPEN_MILLIS = 30;

    /** With the two seconds that the network has on top, less than what {@link Timeouts} gives the driver. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(4);

    private final Orders orders;
    private final Set<String> reasons = new HashSet<>();
    private final Calm calm = new Calm();
    private final Calm drained = new Calm();
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Client(Orders orders) {
        this.orders = orders;
    }

    /** Until the input ends, or all is done. */
    public static void main(String... arguments) throws Exception {
        String orders = Objects.requireNonNull(System.getenv(ORDERS), ORDERS);
        new Client(JsonMapper.shared().readValue(orders, Orders.class)).run();
        System.exit(0);
    }

    private void run() throws Exception {
        try (Notes notes = new Notes(Path.of(orders.notes()));
                Notes tailNotes = new Notes(Path.of(orders.tailNotes()));
                HikariDataSource connections = connections()) {
            Clerk clerk = new Clerk(notes);
            BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            SqlEventStore store = open(connections);
            List<Thread> writing = startWriters(clerk, store, connections);
            Thread following = start(new Follower(tailNotes, store, drained, orders)::work);
            startCounting(clerk);
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                if (line.equals(CALM)) {
                    calm.declare();
                    join(writing);
                } else if (line.equals(DRAIN)) {
                    drained.declare();
                    join(List.of(following));
                }
                out.println(line);
                if (line.equals(DRAIN)) {
                    return;
                }
            }
        }
    }

    private HikariDataSource connections() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(orders.url());
        config.setMaximumPoolSize(orders.connections());
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.setValidationTimeout(VALIDATION_MILLIS);
        config.setInitializationFailTimeout(-1); // the server may be away just now
        // HikariCP asks the first connection for the level; if that fails at the wrong moment it tries to set -1 for
        // ever (its issue 1944)
        config.setTransactionIsolation(String.valueOf(orders.isolation()));
        return new HikariDataSource(config);
    }

    private SqlEventStore open(HikariDataSource connections) throws ReflectiveOperationException {
        Dialect dialect = Class.forName(orders.dialect())
                .asSubclass(Dialect.class)
                .getConstructor()
                .newInstance();
        StoreOptions options = StoreOptions.defaults()
                .withSchema(orders.schema())
                .withPrefix(orders.prefix())
                .withPatience(Duration.ofSeconds(3))
                .withTimeout(STORE_TIMEOUT)
                .withAppendsPerCommit(orders.appendsPerCommit());
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (true) {
            try {
                return SqlEventStore.open(connections, dialect, options);
            } catch (EventStoreException away) {
                tell(away);
                if (System.nanoTime() > deadline) {
                    throw away;
                }
                Calm.pause(LONGEST_OPEN_MILLIS);
            }
        }
    }

    /** Once for each reason: for whoever has to find out why it never began. */
    private void tell(EventStoreException away) {
        Throwable reason = away;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        if (reasons.add(String.valueOf(reason))) {
            System.err.println(away + ": " + reason);
        }
    }

    private List<Thread> startWriters(Clerk clerk, SqlEventStore store, HikariDataSource connections) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < orders.writers(); i++) {
            int open = i == 0 ? orders.longestOpenMillis() : LONGEST_OPEN_MILLIS;
            Writer writer = new Writer(clerk, store, connections, calm, orders, orders.seed() + i, open);
            threads.add(start(writer::work));
        }
        threads.add(start(new Reader(clerk, store, calm, orders)::work));
        return threads;
    }

    private void startCounting(Clerk clerk) {
        start(() -> {
            while (true) {
                Calm.pause(1_000);
                out.println(COUNT + clerk.acknowledged());
            }
        });
    }

    /** A thread whose failure ends the process: it would be missed otherwise. */
    private static Thread start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, why) -> {
            why.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        thread.start();
        return thread;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread each : threads) {
            each.join();
        }
    }
}
