package io.sqleventstore.conformance;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import io.sqleventstore.sql.StoreOptions;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * Writers that nobody coordinates, each a thread with entities of its own and one that it shares: they append one event or several, to one
 * entity or two, in the store's transactions and in their own, sleep in mid-transaction, and roll back. A process of its own runs some
 * of them by {@link #main}.
 */
final class Writers {
    /** The environment variable by which a process of its own is told where to write. */
    static final String URL = "CERTIFY_URL";

    private static final int LONGEST_SLEEP_MILLIS = 30;
    private static final int LONGEST_NAP_MILLIS = 1_000;
    private static final int LAST_ATTEMPT = 100;

    private final Dialect dialect;
    private final StoreUnderTest store;
    private final DataSource joinable;
    private final String entityName;
    private final List<Head> acknowledged = Collections.synchronizedList(new ArrayList<>());

    /** Of events of that entity name, in the store and in transactions that it can join. */
    Writers(Dialect dialect, StoreUnderTest store, DataSource joinable, String entityName) {
        this.dialect = dialect;
        this.store = store;
        this.joinable = joinable;
        this.entityName = entityName;
    }

    /** What the store said it has stored. */
    List<Head> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** One writer at work. */
    void write(Duration time, Random random) throws SQLException {
        Head own = Head.beforeFirst(Entity.of(entityName, "own " + random.nextLong()));
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < deadline) {
            Append append = own.append(events(random));
            if (random.nextInt(4) == 0) {
                Entity shared = Entity.of(entityName, "shared " + random.nextInt(4));
                append = append.and(store.replay(shared).head().append(events(random)));
            }
            try {
                own = random.nextInt(3) == 0
                        ? joined(append, own, random)
                        : acknowledge(store.append(append)).head(own.entity());
            } catch (StaleAppend | TransactionMustRestart somebodyElseWasFaster) {
                own = store.replay(own.entity()).head();
            } catch (StoreUnavailable away) {
                persist(append);
                own = store.replay(own.entity()).head();
            }
        }
    }

    private static List<NewEvent> events(Random random) {
        int events = random.nextInt(5) == 0 ? 1 + random.nextInt(40) : 1;
        return Collections.nCopies(events, NewEvent.of("happened", "{\"n\":" + random.nextInt() + "}"));
    }

    private Head joined(Append append, Head before, Random random) throws SQLException {
        try (Connection connection = joinable.getConnection()) {
            connection.setAutoCommit(false);
            try {
                EventStore joined = store.join(connection);
                AppendResult result = joined.append(append);
                pause(random.nextInt(random.nextInt(50) == 0 ? LONGEST_NAP_MILLIS : LONGEST_SLEEP_MILLIS));
                if (random.nextInt(3) == 0) {
                    connection.rollback();
                    return before;
                }
                connection.commit();
                return acknowledge(result).head(before.entity());
            } catch (SQLException e) {
                if (dialect.fault(e) != Fault.RETRYABLE) {
                    throw e;
                }
                return before; // the database gave the transaction up at its commit
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** The database went away in mid-append: with its key the append can be repeated until it answers. */
    private void persist(Append append) {
        for (int attempt = 1; ; attempt++) {
            try {
                acknowledge(store.append(append));
                return;
            } catch (StaleAppend nothingWasStored) {
                return;
            } catch (StoreUnavailable away) {
                if (attempt == LAST_ATTEMPT) {
                    throw away;
                }
                pause(LONGEST_SLEEP_MILLIS);
            }
        }
    }

    private AppendResult acknowledge(AppendResult result) {
        acknowledged.addAll(result.heads());
        return result;
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs writers in this process, on the database that {@link #URL} names, and writes the ids of what was acknowledged, one a line. */
    public static void main(String... arguments) throws Exception {
        Dialect dialect = Class.forName(arguments[0])
                .asSubclass(Dialect.class)
                .getConstructor()
                .newInstance();
        StoreOptions options = StoreOptions.defaults().withSchema(arguments[1]).withPrefix(arguments[2]);
        Duration time = Duration.parse(arguments[4]);
        int threads = Integer.parseInt(arguments[5]);
        long seed = Long.parseLong(arguments[6]);
        Fixture fixture = new Fixture(dialect);
        try (Server server = new Server(Objects.requireNonNull(System.getenv(URL), URL), fixture)) {
            DataSource pool = server.owner();
            Writers writers = new Writers(dialect, fixture.open(pool, Suite.sharing(options)), pool, arguments[3]);
            ExecutorService executor = Executors.newFixedThreadPool(threads);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Random random = new Random(seed + i);
                running.add(executor.submit(() -> {
                    writers.write(time, random);
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            executor.shutdown();
            PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
            writers.acknowledged().forEach(head -> out.println(Objects.requireNonNull(head.eventId())));
            out.flush();
        }
    }
}
