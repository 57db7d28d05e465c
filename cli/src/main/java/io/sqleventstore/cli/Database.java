package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.sql.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which database, and the way into it. */
final class Database {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String OPEN_EXISTING = "66"; // SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, without CREATE
    private static final String BUSY_TIMEOUT_MILLIS = "10000";
    private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

    @Option(
            names = "--url",
            paramLabel = "JDBC-URL",
            defaultValue = "${env:EVENTSTORE_URL}",
            description =
                    "The database, such as jdbc:sqlite:events.db or jdbc:postgresql://localhost/events; by default what the"
                            + " environment variable EVENTSTORE_URL says. A password in it is refused, since others can read it here.")
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

    @Mixin
    private final Place place = new Place();

    @Nullable
    String url() {
        return url;
    }

    /** Opens the database that the options name; a SQLite file has to be there. */
    OpenDatabase open() {
        return open(named(), false);
    }

    /** Opens the database that the options name; a SQLite file is created. */
    OpenDatabase create() {
        return open(named(), true);
    }

    /** Opens that database with the other options; a SQLite file is created. */
    OpenDatabase create(String thatUrl) {
        return open(thatUrl, true);
    }

    private String named() {
        if (url == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "Which database? Say it by --url, such as --url jdbc:sqlite:events.db or --url jdbc:postgresql://localhost/events.");
        }
        if (!url.equals(System.getenv("EVENTSTORE_URL")) && !withoutPassword(url).equals(url)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "The password in " + withoutPassword(url) + " can be read by others on this machine; take --user with --password-file or"
                            + " the environment variable EVENTSTORE_PASSWORD, or put the whole URL into EVENTSTORE_URL.");
        }
        return url;
    }

    private OpenDatabase open(String itsUrl, boolean create) {
        var options = place.options();
        HikariConfig config = config(itsUrl, create);
        checkDriver(itsUrl);
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw new Failure(
                    ExitCode.DATABASE,
                    "No connection to " + withoutPassword(itsUrl) + ": "
                            + innermost(e).getMessage(),
                    e);
        }
        try {
            return new OpenDatabase(pool, Dialects.of(pool), options);
        } catch (SchemaMismatch e) {
            pool.close();
            throw new Failure(ExitCode.DATABASE, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
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

    /** What the store asks of a connection whose transaction it joins, and a write lock from that transaction's beginning. */
    private static void prepareSqlite(HikariConfig config, boolean create) {
        config.addDataSourceProperty("foreign_keys", "true");
        config.addDataSourceProperty("busy_timeout", BUSY_TIMEOUT_MILLIS);
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        if (!create) {
            config.addDataSourceProperty("open_mode", OPEN_EXISTING);
        }
    }

    private @Nullable String password() {
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
                    "No JDBC driver here understands the URL " + withoutPassword(itsUrl) + "; there are dialects for "
                            + dialects() + ".",
                    e);
        }
    }

    /** The names of the dialects that this command has. */
    static String dialects() {
        return String.join(
                ", ", Dialects.all().stream().map(dialect -> dialect.name()).toList());
    }

    /** The URL as it may be shown. */
    static String withoutPassword(String itsUrl) {
        return itsUrl.replaceAll("(?i)(password=)[^&;]*", "$1***").replaceAll("(//[^/:@]*:)[^/@]*@", "$1***@");
    }

    /** What the driver said, without the layers above it. */
    static Throwable innermost(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause == null ? thrown : innermost(cause);
    }
}
