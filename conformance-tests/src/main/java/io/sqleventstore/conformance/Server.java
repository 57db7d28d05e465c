package io.sqleventstore.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database server that a run of the suite works on, and everything that the run has made in it. What the run did not make, it does not
 * touch. Safe for use by many threads.
 */
public final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final String jdbcUrl;
    private final Fixture fixture;
    private final String password = newPassword();
    private final Map<String, DataSource> byUrl = new ConcurrentHashMap<>();
    private final Deque<String> users = new ArrayDeque<>();
    private final Deque<Runnable> places = new ArrayDeque<>();
    private final Deque<Process> processes = new ArrayDeque<>();
    private volatile boolean closed;

    /**
     * A server on which nothing has been made yet.
     *
     * @param jdbcUrl of a user who may create schemas and users, credentials included
     * @param fixture what the suite has to know of the database
     */
    public Server(String jdbcUrl, Fixture fixture) {
        this.jdbcUrl = jdbcUrl;
        this.fixture = fixture;
    }

    /**
     * As {@link #Server(String, Fixture)}, with the credentials apart from the URL.
     *
     * @param jdbcUrl the server's URL; credentials in it are replaced
     * @param user who may create schemas and users
     * @param password of that user
     * @param fixture what the suite has to know of the database
     */
    public Server(String jdbcUrl, String user, String password, Fixture fixture) {
        this(fixture.as(jdbcUrl, user, password), fixture);
    }

    /** {@return the URL by which its owner connects, credentials included} */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** {@return a user who may create schemas and users} */
    public DataSource owner() {
        return connections(jdbcUrl);
    }

    /** Connections by that URL. */
    DataSource connections(String url) {
        if (closed && !url.equals(jdbcUrl)) {
            throw stopped();
        }
        return byUrl.computeIfAbsent(url, fixture::connect);
    }

    /**
     * {@return the settings that matter for the promises, by their names, as the server tells them}
     *
     * @param connection one to the server
     */
    public Map<String, String> settings(Connection connection) {
        Map<String, String> answers = new LinkedHashMap<>();
        fixture.settings().forEach((name, query) -> answers.put(name, answerOrWhyNot(connection, query)));
        return answers;
    }

    /** A server of another version may not know a setting, and keep the contract all the same. */
    private static String answerOrWhyNot(Connection connection, String query) {
        try {
            return Certifier.answer(connection, query);
        } catch (SQLException e) {
            return "not answered: " + e.getMessage();
        }
    }

    /** {@return a name that nothing in the server has} */
    public static String newName() {
        return "es_" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Nobody can guess it, and what databases ask of passwords it has: length, both cases, a digit, another sign. */
    private static String newPassword() {
        return "Es-1-" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }

    private static IllegalStateException stopped() {
        return new IllegalStateException("the run was stopped");
    }

    /**
     * Executes a statement as the owner.
     *
     * @param sql one statement, without parameters
     */
    public void execute(String sql) {
        try (Connection connection = owner().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /**
     * {@return the users of a place that is a schema, made when the first is asked for: each has what the dialect's script of grants gives
     * it}
     *
     * @param options the place
     */
    public Function<Role, String> users(StoreOptions options) {
        return fixture.hasRoles() ? new Users(options) : role -> jdbcUrl;
    }

    /** {@return a new, empty place, which is removed at the end if nobody has removed it before} */
    public synchronized Place newPlace() {
        checkOpen();
        Place made = fixture.newPlace(this);
        places.push(made.drop());
        return new Place(made.dataSource(), made.urls(), made.options(), () -> drop(made.drop()));
    }

    /**
     * Starts a process that works on the server; it is ended at the end if it still runs.
     *
     * @param process what to start
     * @return the process
     * @throws IOException if it can't be started
     */
    public synchronized Process start(ProcessBuilder process) throws IOException {
        checkOpen();
        Process started = process.start();
        processes.push(started);
        return started;
    }

    private void checkOpen() {
        if (closed) {
            throw stopped();
        }
    }

    private synchronized void drop(Runnable place) {
        if (places.contains(place)) {
            place.run();
            places.remove(place); // not before: what could not be removed is tried again at the end
        }
    }

    /** At most one of these connections at a time; who asks for a second one is soon told that there is none. */
    static HikariDataSource poolOfOne(DataSource connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(connections);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(2_000);
        return new HikariDataSource(config);
    }

    /**
     * Ends the processes that it started, closes the connections, and removes the places and users that it made. A test that still runs
     * in another thread fails from then on.
     *
     * @throws IllegalStateException if something could not be removed; the message says what
     */
    @Override
    public synchronized void close() {
        closed = true;
        processes.forEach(Process::destroyForcibly);
        processes.clear();
        try {
            closeConnections();
        } finally {
            removeAll();
        }
    }

    private void removeAll() {
        List<Runnable> removals = new ArrayList<>(places);
        users.forEach(user -> fixture.dropUser(user).forEach(sql -> removals.add(() -> execute(sql))));
        places.clear();
        users.clear();
        try {
            remove(removals);
        } finally {
            closeConnections();
        }
    }

    private void closeConnections() {
        byUrl.values().forEach(Server::close);
        byUrl.clear();
    }

    /** Each in its turn, and again while a session that has just ended still holds what it used; one failure doesn't stop the others. */
    private static void remove(List<Runnable> removals) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<IllegalStateException> failures = new ArrayList<>();
        for (Runnable removal : removals) {
            IllegalStateException failure = attempt(removal);
            while (failure != null && System.nanoTime() < deadline) {
                LockSupport.parkNanos(PAUSE.toNanos());
                failure = attempt(removal);
            }
            if (failure != null) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            String left = failures.stream().map(Server::explained).collect(Collectors.joining("; "));
            throw new IllegalStateException("left behind on the server: " + left, failures.get(0));
        }
    }

    private static @Nullable IllegalStateException attempt(Runnable removal) {
        try {
            removal.run();
            return null;
        } catch (IllegalStateException e) {
            return e;
        } catch (RuntimeException e) {
            return new IllegalStateException(e.getMessage(), e);
        }
    }

    private static String explained(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    /**
     * Closes them, if they can be closed.
     *
     * @param connections what {@link Fixture#connect} has returned
     * @throws IllegalStateException if they can be closed and that fails
     */
    public static void close(DataSource connections) {
        if (connections instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                throw new IllegalStateException("the connections can't be closed", e);
            }
        }
    }

    /** The users that the run has made so far. */
    synchronized List<String> userNames() {
        return List.copyOf(users);
    }

    private synchronized String newUser() {
        checkOpen();
        String user = newName();
        users.push(user); // first: the server may have made it although we hear of a failure
        execute(fixture.createUser(user, password));
        return user;
    }

    /** The users of one place. */
    private final class Users implements Function<Role, String> {
        private final StoreOptions options;
        private @Nullable Map<Role, String> names;

        Users(StoreOptions options) {
            this.options = options;
        }

        @Override
        public synchronized String apply(Role role) {
            if (names == null) {
                names = newUsers();
            }
            return fixture.as(jdbcUrl, Objects.requireNonNull(names.get(role)), password);
        }

        private Map<Role, String> newUsers() {
            String appender = newUser();
            String reader = newUser();
            String follower = newUser();
            String script = SqlSchema.grants(fixture.dialect(), options, appender, reader, follower);
            SqlSchema.statements(script).forEach(Server.this::execute);
            return Map.of(Role.APPENDER, appender, Role.READER, reader, Role.FOLLOWER, follower);
        }
    }
}
