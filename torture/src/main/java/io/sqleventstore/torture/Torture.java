package io.sqleventstore.torture;

import io.sqleventstore.EntityType;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Role;
import io.sqleventstore.conformance.Server;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import io.sqleventstore.sql.Verification;
import io.sqleventstore.torture.Violation.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a store under faults and says whether it has kept its promises: several processes append, replay and follow through a proxy that does
 * what networks do, while sessions and processes are killed and, if there is a command for it, the server too. In the end all is calm, every
 * append is brought to an end, every tail reaches the end of the ledger, and what everybody noted is checked against it.
 *
 * <pre>{@code
 * Report report = new Torture(new PostgresFixture(), "jdbc:postgresql:…").lasting(Duration.ofMinutes(5)).run();
 * }</pre>
 *
 * <p>Works in a schema and with users of its own, which it removes at the end. For one run, on one thread.
 */
public final class Torture {
    private static final int CLIENTS = 3;
    private static final int WRITERS = 16; // many more than there are places for, so that commits are shared
    private static final int CONNECTIONS = 5; // fewer than threads: a pool that is exhausted is one of the faults
    private static final Duration UNDISTURBED = Duration.ofSeconds(5);
    private static final Duration BETWEEN_CRASHES = Duration.ofSeconds(4);
    private static final int SHORTEST_OPEN_MILLIS = 4_000;
    private static final int LONGEST_OPEN_MILLIS = 150_000;
    private static final int LONGEST_PAUSE_MILLIS = 150;
    private static final int SECONDS_TO_STOP = 20;
    private static final int SECONDS_TO_CALM_DOWN = 330;
    private static final int SECONDS_TO_BEGIN = 150;
    private static final Pattern USER = Pattern.compile("(?<=[?&;]user=)[^&;]+|(?<=:thin:)[^/@]+");

    private final Fixture fixture;
    private final Supplier<Server> server;
    private Duration faultsLast = Duration.ofMinutes(1);
    private long seed = System.nanoTime();
    private int appendsPerCommit;
    private @Nullable String crash;
    private @Nullable Path disk;
    private volatile @Nullable Server running;
    private volatile boolean stopped;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Consumer<Progress> listener = progress -> {};

    /**
     * How far a run is.
     *
     * @param time since it began
     * @param acknowledged appends, about
     * @param faults so far
     */
    public record Progress(Duration time, long acknowledged, int faults) {}

    /**
     * A run that is about to start.
     *
     * @param fixture what has to be known of the database
     * @param jdbcUrl of a user who may create schemas and users, credentials included
     */
    public Torture(Fixture fixture, String jdbcUrl) {
        this(fixture, () -> new Server(jdbcUrl, fixture));
    }

    /**
     * As {@link #Torture(Fixture, String)}, with the credentials apart from the URL.
     *
     * @param fixture what has to be known of the database
     * @param jdbcUrl the server's URL; credentials in it are replaced
     * @param user who may create schemas and users
     * @param password of that user
     */
    public Torture(Fixture fixture, String jdbcUrl, String user, String password) {
        this(fixture, () -> new Server(jdbcUrl, user, password, fixture));
    }

    private Torture(Fixture fixture, Supplier<Server> server) {
        this.fixture = fixture;
        this.server = server;
    }

    /**
     * For so long faults are made; the run takes about twenty seconds more. A minute unless it is said.
     *
     * @param time more than zero
     * @return this run
     */
    public Torture lasting(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("faults can't last for " + time);
        }
        faultsLast = time;
        return this;
    }

    /**
     * With that seed what is done by chance is chosen alike; how threads and processes are scheduled is not.
     *
     * @param chosen any number
     * @return this run
     */
    public Torture seed(long chosen) {
        seed = chosen;
        return this;
    }

    /**
     * So many appends of a client share a commit at most; as many as the dialect has unless it is said.
     *
     * @param most 1 to 64, or 0 for what the dialect has
     * @return this run
     * @throws IllegalArgumentException if it is neither
     */
    public Torture appendsPerCommit(int most) {
        appendsPerCommit = StoreOptions.defaults().withAppendsPerCommit(most).appendsPerCommit();
        return this;
    }

    /**
     * Every few seconds the server is killed and started again by that command of the shell, which ends when it has been started.
     *
     * @param command such as {@code pg_ctl -m immediate restart}
     * @return this run
     */
    public Torture crashing(String command) {
        crash = command;
        return this;
    }

    /**
     * The file system of that folder is filled again and again, to the last byte, for a second or so. Take one of a few hundred megabytes that
     * has the database's files and nothing else.
     *
     * @param folder on the same file system as the database's files
     * @return this run
     * @throws IOException if there is no such folder
     * @throws IllegalArgumentException if this machine's temporary files are there
     */
    public Torture filling(Path folder) throws IOException {
        Path notes = Path.of(System.getProperty("java.io.tmpdir"));
        if (Files.getFileStore(folder).equals(Files.getFileStore(notes))) {
            throw new IllegalArgumentException(
                    folder + " is on the file system of " + notes + ", where the clients' notes go");
        }
        disk = folder;
        return this;
    }

    /**
     * Tells that listener every second how far it is.
     *
     * @param progress is called by the thread that runs
     * @return this run
     */
    public Torture tell(Consumer<Progress> progress) {
        listener = progress;
        return this;
    }

    /**
     * Runs.
     *
     * @return what was done and what was found
     * @throws IOException if the folder of notes can't be written or read
     * @throws InterruptedException if this thread is interrupted; what the run has made is removed
     * @throws SQLException if the server does not answer before or after the faults
     */
    public Report run() throws IOException, InterruptedException, SQLException {
        Path folder = Files.createTempDirectory("eventstore-torture");
        boolean keep = false;
        try {
            Report report = run(folder);
            keep = !report.holds();
            return keep ? report.withNotes(folder.toString()) : report;
        } finally {
            try {
                if (!keep) {
                    delete(folder);
                }
            } finally {
                ended.countDown();
            }
        }
    }

    private Report run(Path folder) throws IOException, InterruptedException, SQLException {
        Server its = server.get();
        running = its;
        Report report;
        try {
            report = run(its, folder);
        } catch (Throwable e) {
            try (its) {
                throw e;
            }
        }
        try {
            its.close();
            return report;
        } catch (IllegalStateException e) {
            return report.withLeftBehind(String.valueOf(e.getMessage())); // what was found out is worth more
        }
    }

    /** Ends the run from another thread, as when the process is told to end: what it has made is removed. {@link #run} fails then. */
    public void stop() {
        stopped = true;
        try {
            boolean inTime = ended.await(SECONDS_TO_STOP, TimeUnit.SECONDS); // it undoes the faults that would stay
            if (!inTime) {
                throw new IllegalStateException(
                        "the run did not end; look whether the server is read-only, or its disk full");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Server its = running;
            if (its != null) {
                its.close();
            }
        }
    }

    private Report run(Server its, Path folder) throws IOException, InterruptedException, SQLException {
        Place place = its.newPlace();
        SqlSchema.of(place.dataSource(), fixture.dialect(), place.options()).install();
        SqlEventStore store = SqlEventStore.open(place.dataSource(), fixture.dialect(), place.options());
        store.register(EntityType.of(Writer.ENTITY, Writer.EVENT));
        String appender = place.urls().apply(Role.APPENDER);
        Faults faults = new Faults(its, place, fixture, enders(appender), crash, disk, new Random(seed));
        Optional<Address> address = Address.of(appender);
        if (address.isEmpty() && Address.isOfServer(appender)) {
            throw new IllegalArgumentException(
                    "the URL has to name the server, as in //host:port/, for a proxy to be put between");
        }
        Proxy proxy = address.isPresent()
                ? new Proxy(address.get().host(), address.get().port(), faults::network)
                : null;
        try {
            return run(its, place, store, appender, proxy, faults, folder);
        } finally {
            if (proxy != null) {
                proxy.close();
            }
            faults.end();
        }
    }

    private Report run(
            Server its,
            Place place,
            SqlEventStore store,
            String appender,
            @Nullable Proxy proxy,
            Faults faults,
            Path folder)
            throws IOException, InterruptedException, SQLException {
        Instant day = Instant.now();
        List<ClientProcess> clients = clients(its, place, appender, proxy, folder);
        for (ClientProcess each : clients) {
            each.start();
        }
        faults.of(clients, proxy);
        long began = System.nanoTime();
        awaitFirst(clients, began, faults);
        long first = System.nanoTime();
        leave(clients, faults, began, UNDISTURBED);
        long faultsBegan = System.nanoTime();
        List<Violation> found = new ArrayList<>();
        makeFaults(clients, faults, began, found);
        long faultsEnded = System.nanoTime();
        leave(clients, faults, began, UNDISTURBED);
        long calm = System.nanoTime();
        calmDown(clients, found);
        History history = new History();
        for (ClientProcess each : clients) {
            each.addTo(history);
        }
        FinalLedger ledger = FinalLedger.of(store.entries());
        found.addAll(Checker.check(history, ledger, faults.wasFull() ? Clerk.DISK_FULL : Set.of()));
        found.addAll(verified(store));
        return Report.of(
                new Report.Run(
                        fixture.dialect().name(),
                        version(place),
                        durability(its, place),
                        seed,
                        day,
                        first,
                        faultsBegan,
                        faultsEnded,
                        calm,
                        Runtime.getRuntime().availableProcessors()),
                faults.soFar(),
                history,
                ledger,
                found);
    }

    private List<ClientProcess> clients(Server its, Place place, String appender, @Nullable Proxy proxy, Path folder)
            throws SQLException {
        StoreOptions options = place.options();
        int isolation = isolation(place);
        String url = Timeouts.in(proxy == null ? appender : Address.through(appender, proxy.port()));
        List<ClientProcess> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new ClientProcess(
                    its,
                    folder,
                    new Orders(
                            url,
                            fixture.dialect().getClass().getName(),
                            options.schema(),
                            options.prefix(),
                            "",
                            "",
                            "client-" + i,
                            WRITERS,
                            CONNECTIONS,
                            seed + 100_000L * (i + 1),
                            "",
                            i == 0 ? 0 : i == 1 ? -30 : 9,
                            (int) Math.max(
                                    SHORTEST_OPEN_MILLIS, Math.min(LONGEST_OPEN_MILLIS, faultsLast.toMillis() / 3)),
                            isolation,
                            appendsPerCommit)));
        }
        return clients;
    }

    private static int isolation(Place place) throws SQLException {
        try (Connection connection = place.dataSource().getConnection()) {
            return connection.getTransactionIsolation();
        }
    }

    private String enders(String appender) {
        Matcher user = USER.matcher(appender);
        return user.find() ? fixture.sessionEnders(user.group()) : "";
    }

    private void awaitFirst(List<ClientProcess> clients, long began, Faults faults) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(SECONDS_TO_BEGIN).toNanos();
        while (clients.stream().anyMatch(each -> each.acknowledged() == 0)) {
            for (ClientProcess each : clients) {
                if (!each.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "a client has stored nothing before the first fault: " + each.log());
                }
            }
            tellAndPause(clients, faults, began);
        }
    }

    private void leave(List<ClientProcess> clients, Faults faults, long began, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            tellAndPause(clients, faults, began);
        }
    }

    private void tellAndPause(List<ClientProcess> clients, Faults faults, long began) {
        checkStopped();
        long acknowledged =
                clients.stream().mapToLong(ClientProcess::acknowledged).sum();
        listener.accept(new Progress(
                Duration.ofNanos(System.nanoTime() - began),
                acknowledged,
                faults.soFar().size()));
        Calm.pause(500);
    }

    private void checkStopped() {
        if (stopped) {
            throw new IllegalStateException("the run was stopped");
        }
    }

    private void makeFaults(List<ClientProcess> clients, Faults faults, long began, List<Violation> found)
            throws IOException, InterruptedException {
        Random random = new Random(seed + 1);
        long end = System.nanoTime() + faultsLast.toNanos();
        long nextCrash = System.nanoTime() + BETWEEN_CRASHES.toNanos() / 2;
        long nextTold = System.nanoTime();
        while (System.nanoTime() < end) {
            checkStopped();
            faults.one();
            Calm.pause(random.nextInt(LONGEST_PAUSE_MILLIS));
            if (crash != null && System.nanoTime() > nextCrash) {
                faults.crash();
                nextCrash = System.nanoTime() + random.nextLong(2 * BETWEEN_CRASHES.toNanos());
            }
            lookForDead(clients, found);
            if (System.nanoTime() > nextTold) {
                tellAndPause(clients, faults, began);
                nextTold = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            }
        }
    }

    /** A client ends by itself only if one of its threads threw what it must not. */
    private static void lookForDead(List<ClientProcess> clients, List<Violation> found) throws IOException {
        for (ClientProcess each : clients) {
            if (!each.isAlive()) {
                found.add(new Violation(Rule.UNTYPED, "a client ended by itself: " + each.log()));
                each.start();
            }
        }
    }

    private static void calmDown(List<ClientProcess> clients, List<Violation> found)
            throws IOException, InterruptedException {
        lookForDead(clients, found);
        for (String order : List.of(Client.CALM, Client.DRAIN)) {
            for (ClientProcess each : clients) {
                each.tell(order);
            }
            for (ClientProcess each : clients) {
                if (!each.says(order, SECONDS_TO_CALM_DOWN)) {
                    found.add(new Violation(
                            Rule.UNRESOLVED, "a client did not get to its end (" + order + "): " + each.log()));
                    each.kill();
                }
            }
        }
    }

    private static List<Violation> verified(SqlEventStore store) {
        Verification verification = store.verify();
        return verification.checks().stream()
                .flatMap(check ->
                        check.violations().stream().map(what -> new Violation(Rule.VERIFY, check.rule() + ": " + what)))
                .toList();
    }

    private static String durability(Server its, Place place) throws SQLException {
        try (Connection connection = place.dataSource().getConnection()) {
            return its.settings(connection).entrySet().stream()
                    .filter(setting -> setting.getKey().startsWith("durability"))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining(", "));
        }
    }

    private String version(Place place) throws SQLException {
        try (Connection connection = place.dataSource().getConnection()) {
            Map.Entry<String, String> product = Map.entry(
                    connection.getMetaData().getDatabaseProductName(),
                    connection.getMetaData().getDatabaseProductVersion());
            return product.getKey() + " " + product.getValue();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
