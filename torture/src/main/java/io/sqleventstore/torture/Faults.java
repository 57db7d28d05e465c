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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes things go wrong, each by chance. For one thread. */
final class Faults {
    private static final List<Harm> HARMS = List.of(Harm.values());
    private static final int CRASH_SECONDS = 120;

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
    private final List<ClientProcess> clients;
    private final @Nullable String crash;
    private final Random random;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Runnable> kinds = new ArrayList<>();

    Faults(
            Server server,
            Place place,
            Fixture fixture,
            String sessions,
            @Nullable Proxy proxy,
            List<ClientProcess> clients,
            @Nullable String crash,
            Random random) {
        this.server = server;
        this.place = place;
        this.fixture = fixture;
        this.sessions = sessions;
        this.clients = clients;
        this.crash = crash;
        this.random = random;
        if (proxy != null) {
            add(60, () -> network(proxy));
            add(3, () -> slow(proxy));
        }
        if (!sessions.isEmpty()) {
            add(15, this::killSession);
        }
        add(proxy == null ? 20 : 2, this::killClient);
        add(1, this::installTwice);
    }

    private void add(int weight, Runnable kind) {
        kinds.addAll(Collections.nCopies(weight, kind));
    }

    /** Makes one thing go wrong, or a few of the same. */
    void one() {
        kinds.get(random.nextInt(kinds.size())).run();
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
            if (link.harm(harm, random.nextInt(1_500))) {
                happened("network " + harm.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
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
            if (!killers.isEmpty()) {
                statement.execute(killers.get(random.nextInt(killers.size())));
                happened("session killed");
            }
        } catch (SQLException e) {
            if (fixture.dialect().lacksRights(e)) {
                throw new IllegalStateException("the user may not end the sessions of others: " + e.getMessage(), e);
            }
            Calm.pause(10); // it had ended by itself, or the server is away
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
        happened("server crash");
        Process command = new ProcessBuilder("sh", "-c", crash)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!command.waitFor(CRASH_SECONDS, TimeUnit.SECONDS) || command.exitValue() != 0) {
            command.destroyForcibly();
            throw new IllegalStateException(
                    "the command that is to crash the server and start it again did not succeed: " + crash);
        }
        awaitServer();
    }

    private void awaitServer() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CRASH_SECONDS);
        while (true) {
            try (Connection connection = server.owner().getConnection()) {
                if (connection.isValid(2)) {
                    return;
                }
            } catch (SQLException away) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the server does not answer after its crash", away);
                }
            }
            Calm.pause(50);
        }
    }
}
