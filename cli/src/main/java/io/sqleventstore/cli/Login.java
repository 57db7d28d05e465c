package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server and who asks, and the connections to it. */
final class Login {
    static final String URL_VARIABLE = "EVENTSTORE_URL";

    private static final String SQLITE = "jdbc:sqlite:";
    private static final String OPEN_EXISTING = "66"; // SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, without CREATE
    private static final String BUSY_TIMEOUT_MILLIS = "10000";
    private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

    @Option(
            names = "--url",
            paramLabel = "JDBC-URL",
            defaultValue = "${env:" + URL_VARIABLE + "}",
            description =
                    "The database, such as jdbc:sqlite:events.db or jdbc:postgresql://localhost/events; by default what the"
                            + " environment variable " + URL_VARIABLE + " says.")
    private @Nullable String url;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "Database user. The password is taken from --password-file or, without it, from the environment"
                            + " variable EVENTSTORE_PASSWORD.")
    private @Nullable String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File whose first line is the password.")
    private @Nullable Path passwordFile;

    /** The URL, if it is given, without a password that others on this machine could read. */
    @Nullable
    String url() {
        if (url != null && !url.equals(System.getenv(URL_VARIABLE))) {
            String shown = Database.withoutPassword(url);
            if (!shown.equals(url)) {
                throw new Failure(
                        ExitCode.USAGE,
                        "The password in " + shown
                                + " can be read by others on this machine; take --user with --password-file or the"
                                + " environment variable EVENTSTORE_PASSWORD, or put the whole URL into EVENTSTORE_URL.");
            }
        }
        return url;
    }

    @Nullable
    String user() {
        return user;
    }

    /** The same URL, which has to be given. */
    String named() {
        String given = url();
        if (given == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "Which database? Say it by --url, such as --url jdbc:sqlite:events.db or --url jdbc:postgresql://localhost/events.");
        }
        return given;
    }

    /** A connection to that URL with these credentials, in a pool of its own. */
    HikariDataSource connect(String itsUrl, boolean create) {
        HikariConfig config = config(itsUrl, create);
        checkDriver(itsUrl);
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw new Failure(
                    ExitCode.DATABASE,
                    "No connection to " + Database.withoutPassword(itsUrl) + ": "
                            + Database.innermost(e).getMessage(),
                    e);
        }
    }

    private HikariConfig config(String itsUrl, boolean create) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(itsUrl);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        if (itsUrl.startsWith(SQLITE)) {
            prepareSqlite(config, create);
        }
        if (user != null) {
            config.setUsername(user);
            config.setPassword(password());
        }
        return config;
    }

    /** A wait for who writes, and a write lock from the beginning of a transaction that the store joins. */
    private static void prepareSqlite(HikariConfig config, boolean create) {
        config.addDataSourceProperty("busy_timeout", BUSY_TIMEOUT_MILLIS);
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        if (!create) {
            config.addDataSourceProperty("open_mode", OPEN_EXISTING);
        }
    }

    /** Of the user, from the file or the environment; null if neither has one. */
    @Nullable
    String password() {
        if (passwordFile == null) {
            return System.getenv("EVENTSTORE_PASSWORD");
        }
        try (var lines = Files.lines(passwordFile)) {
            return lines.findFirst().orElse("");
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new Failure(ExitCode.USAGE, "The password file " + passwordFile + " can't be read.", e);
        }
    }

    private static void checkDriver(String itsUrl) {
        try {
            DriverManager.getDriver(itsUrl);
        } catch (SQLException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "No JDBC driver here understands the URL " + Database.withoutPassword(itsUrl)
                            + "; there are dialects for " + Database.dialects()
                            + ". A driver that is not in this jar, such as Oracle's ojdbc17.jar, goes on the class path:"
                            + " EVENTSTORE_CLASSPATH=ojdbc17.jar.",
                    e);
        }
    }
}
