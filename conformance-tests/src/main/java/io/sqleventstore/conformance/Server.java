package io.sqleventstore.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database server that a run of the suite works on, and everything that the run has made in it. What the run did not make, it does not
 * touch. Safe for use by many threads.
 */
public final class Server implements AutoCloseable {
    private static final String PASSWORD = "Es-1-password";

    private final String jdbcUrl;
    private final Fixture fixture;
    private final Map<String, DataSource> byUrl = new ConcurrentHashMap<>();
    private final Deque<String> users = new ArrayDeque<>();
    private final Deque<Runnable> places = new ArrayDeque<>();

    Server(String jdbcUrl, Fixture fixture) {
        this.jdbcUrl = jdbcUrl;
        this.fixture = fixture;
    }

    /** The URL by which its owner connects, credentials included. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** A user who may create schemas and users. */
    public DataSource owner() {
        return connections(jdbcUrl);
    }

    /** Connections by that URL. */
    DataSource connections(String url) {
        return byUrl.computeIfAbsent(url, fixture::connect);
    }

    /** A name that nothing in the server has. */
    public static String newName() {
        return "es_" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Executes a statement as the owner. */
    public void execute(String sql) {
        try (Connection connection = owner().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The users of a place that is a schema, made when the first is asked for: each has what the dialect's script of grants gives it. */
    public Function<Role, String> users(StoreOptions options) {
        return fixture.hasRoles() ? new Users(options) : role -> jdbcUrl;
    }

    /** A new, empty place, which is removed at the end if nobody has removed it before. */
    synchronized Place newPlace() {
        Place made = fixture.newPlace(this);
        places.push(made.drop());
        return new Place(made.dataSource(), made.urls(), made.options(), () -> drop(made.drop()));
    }

    private synchronized void drop(Runnable place) {
        if (places.remove(place)) {
            place.run();
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

    /** Removes the places and users that it made, and closes the connections. */
    @Override
    public synchronized void close() {
        byUrl.forEach((url, connections) -> {
            if (!url.equals(jdbcUrl)) {
                close(connections);
            }
        });
        while (!places.isEmpty()) {
            places.pop().run();
        }
        while (!users.isEmpty()) {
            fixture.dropUser(users.pop()).forEach(this::execute);
        }
        DataSource owner = byUrl.get(jdbcUrl);
        byUrl.clear();
        if (owner != null) {
            close(owner);
        }
    }

    private static void close(DataSource connections) {
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
        String user = newName();
        execute(fixture.createUser(user, PASSWORD));
        users.push(user);
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
            return fixture.as(jdbcUrl, Objects.requireNonNull(names.get(role)), PASSWORD);
        }

        private Map<Role, String> newUsers() {
            String appender = newUser();
            String reader = newUser();
            String follower = newUser();
            String script = SqlSchema.grants(fixture.dialect(), options, appender, reader, follower);
            for (String grant : script.split(";\\s*(\\n|$)", -1)) {
                if (!grant.isBlank()) {
                    execute(grant);
                }
            }
            return Map.of(Role.APPENDER, appender, Role.READER, reader, Role.FOLLOWER, follower);
        }
    }
}
