package io.sqleventstore.torture;

import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Server;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.torture.Proxy.Harm;
import io.sqleventstore.torture.Proxy.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes things go wrong, each by chance. For one thread. */
final class Faults {
    private static final List<Harm> HARMS = List.of(Harm.values());
    private static final int CRASH_SECONDS = 120;
    private static final int LONGEST_FREEZE_MILLIS = 1_500;

    /** Longer than a client's store and driver wait, so that what was sent comes late. */
    private static final int LATE_MILLIS = 12_000;

    private static final int LONGEST_READ_ONLY_MILLIS = 1_500;
    private static final int LONGEST_FULL_MILLIS = 1_500;
    private static final int LONGEST_FILL_SECONDS = 15;
    private static final String DISK_FULL = "disk full";
    private static final int BLOCK = 64 * 1024;

    /**
     * Something that was made to go wrong.
     *
     * @param at when, as {@link System#nanoTime}
     * @param kind what
     */
    record Fault(long at, String kind) {}

    private final Server server;
    private final Place place;
    private final Fixture fixture;
    private final String sessions;
    private final List<ClientProcess> clients = new ArrayList<>();
    private final @Nullable String crash;
    private final @Nullable Path disk;
    private final Random random;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>(); // the proxy's threads add to it, too
    private final List<Runnable> kinds = new ArrayList<>();
    private final Runnable readOnly = this::readOnly;
    private volatile boolean madeReadOnly;

    Faults(
            Server server,
            Place place,
            Fixture fixture,
            String sessions,
            @Nullable String crash,
            @Nullable Path disk,
            Random random) {
        this.server = server;
        this.place = place;
        this.fixture = fixture;
        this.sessions = sessions;
        this.crash = crash;
        this.disk = disk;
        this.random = random;
    }

    /** What it works on, before the first. */
    void of(List<ClientProcess> processes, @Nullable Proxy proxy) {
        clients.addAll(processes);
        if (proxy != null) {
            add(60, () -> network(proxy));
            add(3, () -> slow(proxy));
        }
        if (!sessions.isEmpty()) {
            add(15, this::killSession);
        }
        add(proxy == null ? 20 : 2, this::killClient);
        add(1, this::installTwice);
        if (!fixture.readOnly(true).isEmpty()) {
            add(1, readOnly);
        }
        if (disk != null) {
            add(2, () -> fill(disk));
        }
    }

    /** Undoes what would outlive the run. */
    void end() {
        if (madeReadOnly) {
            writable();
        }
    }

    /** Called for each harm of the network when somebody suffers it. */
    void network(Harm harm) {
        happened("network " + harm.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    private void add(int weight, Runnable kind) {
        kinds.addAll(Collections.nCopies(weight, kind));
    }

    /** Makes one thing go wrong, or a few of the same. */
    void one() {
        kinds.get(random.nextInt(kinds.size())).run();
    }

    boolean wasFull() {
        return faults.stream().anyMatch(fault -> fault.kind().equals(DISK_FULL));
    }

    List<Fault> soFar() {
        return List.copyOf(faults);
    }

    private void happened(String kind) {
        faults.add(new Fault(System.nanoTime(), kind));
    }

    private void network(Proxy through) {
        List<Link> links = new ArrayList<>(through.links());
        Collections.shuffle(links, random);
        Harm harm = HARMS.get(random.nextInt(HARMS.size()));
        int many = random.nextInt(20) == 0 ? links.size() : 1 + random.nextInt(3);
        for (Link link : links.subList(0, Math.min(many, links.size()))) {
            link.harm(harm, random.nextInt(random.nextInt(6) == 0 ? LATE_MILLIS : LONGEST_FREEZE_MILLIS));
        }
    }

    private void slow(Proxy through) {
        through.delay(1 + random.nextInt(20));
        happened("network slow");
        Calm.pause(random.nextInt(1_000));
        through.delay(0);
    }

    private void killSession() {
        try (Connection connection = server.owner().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> killers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(sessions)) {
                while (rows.next()) {
                    killers.add(rows.getString(1));
                }
            }
            if (!killers.isEmpty() && isDone(statement, killers.get(random.nextInt(killers.size())))) {
                happened("session killed");
            }
        } catch (SQLException e) {
            if (fixture.dialect().lacksRights(e)) {
                throw new IllegalStateException("the user may not end the sessions of others: " + e.getMessage(), e);
            }
            Calm.pause(10); // it had ended by itself, or the server is away
        }
    }

    /** Whether the server did it: some say by an error, some by an answer. */
    private static boolean isDone(Statement statement, String killer) throws SQLException {
        if (!statement.execute(killer)) {
            return true;
        }
        try (ResultSet answer = statement.getResultSet()) {
            return !answer.next() || answer.getBoolean(1);
        }
    }

    private void readOnly() {
        madeReadOnly = true; // whatever we hear of it
        SQLException refusal = execute(fixture.readOnly(true));
        if (refusal != null && fixture.dialect().lacksRights(refusal)) {
            madeReadOnly = false;
            kinds.remove(readOnly); // not one of the owner's rights
            return;
        }
        if (refusal == null) {
            happened("read only");
            Calm.pause(random.nextInt(LONGEST_READ_ONLY_MILLIS));
        }
        writable();
    }

    /** Undoes it, also if the server went away meanwhile: it may remember. */
    private void writable() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CRASH_SECONDS);
        while (execute(fixture.readOnly(false)) != null) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "the server stays read-only; " + fixture.readOnly(false) + " ends that");
            }
            Calm.pause(100);
        }
        madeReadOnly = false;
    }

    private @Nullable SQLException execute(List<String> statements) {
        try (Connection connection = server.owner().getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    /** Takes all the room that is left there, and for a while what is given back, too; fails if there is more than it can take. */
    private void fill(Path folder) {
        Path filling = folder.resolve("eventstore-torture-filling");
        filling.toFile().deleteOnExit(); // if the process is told to end meanwhile
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_FILL_SECONDS);
        try {
            try (OutputStream out = Files.newOutputStream(filling)) {
                while (!isFull(out)) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException(folder + " has more room than is filled in "
                                + LONGEST_FILL_SECONDS + " s; take a small file system");
                    }
                }
                happened(DISK_FULL);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_FULL_MILLIS);
                while (System.nanoTime() < end) {
                    if (isFull(out)) {
                        Calm.pause(1);
                    }
                }
            } finally {
                Files.deleteIfExists(filling);
            }
        } catch (IOException e) {
            throw new IllegalStateException("can't fill " + folder, e);
        }
    }

    private static boolean isFull(OutputStream out) {
        try {
            out.write(new byte[BLOCK]);
            return false;
        } catch (IOException full) {
            return true;
        }
    }

    private void killClient() {
        ClientProcess client = clients.get(random.nextInt(clients.size()));
        if (!client.isAtWork()) {
            Calm.pause(10); // to kill what has only just begun would test nothing
            return;
        }
        client.kill();
        happened("client kill -9");
        try {
            client.start();
        } catch (IOException e) {
            throw new IllegalStateException("a client can't be started again", e);
        }
    }

    private void installTwice() {
        List<Thread> installers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread installer = new Thread(() -> {
                try {
                    SqlSchema.of(place.dataSource(), fixture.dialect(), place.options())
                            .install();
                } catch (StoreUnavailable | StoreFailure away) {
                    Calm.pause(1); // the server was, just then
                }
            });
            installer.start();
            installers.add(installer);
        }
        happened("schema installed by two");
        for (Thread each : installers) {
            try {
                each.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Kills the server and starts it again, by the command that was given for it; returns when it answers. */
    void crash() throws IOException, InterruptedException {
        if (crash == null) {
            return;
        }
        Connection before = aConnection();
        carryOut(crash);
        try (before) {
            if (before.isValid(2)) {
                throw new IllegalStateException(
                        "the server lives on through the command that is to crash it: " + crash);
            }
        } catch (SQLException gone) {
            Calm.pause(1); // while it was asked, or given back
        }
        happened("server crash");
        awaitServer();
    }

    private static void carryOut(String crash) throws IOException, InterruptedException {
        Process command = new ProcessBuilder("sh", "-c", crash)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!command.waitFor(CRASH_SECONDS, TimeUnit.SECONDS) || command.exitValue() != 0) {
            command.destroyForcibly();
            throw new IllegalStateException(
                    "the command that is to crash the server and start it again did not succeed: " + crash);
        }
    }

    private void awaitServer() {
        try (Connection connection = aConnection()) {
            connection.getAutoCommit();
        } catch (SQLException gone) {
            Calm.pause(1); // while it was given back
        }
    }

    /** One that works; the server may be away just now. */
    private Connection aConnection() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CRASH_SECONDS);
        while (true) {
            try {
                return server.owner().getConnection(); // the pool has asked whether it is valid
            } catch (SQLException away) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the server does not answer", away);
                }
            }
            Calm.pause(50);
        }
    }
}
