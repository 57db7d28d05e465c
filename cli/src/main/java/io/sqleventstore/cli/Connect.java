package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where the store is. */
final class Connect {
    private static final int POOL_SIZE = 4;
    private static final long CONNECT_MILLIS = 10_000;

    @Option(
            names = "--url",
            paramLabel = "JDBC_URL",
            description = "The database, such as jdbc:sqlite:games.db or jdbc:postgresql://host/database.")
    private @Nullable String url;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The database user. The password comes from --password-file or from EVENTSTORE_PASSWORD.")
    private @Nullable String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "A file whose first line is the password.")
    private @Nullable Path passwordFile;

    @ArgGroup(exclusive = false)
    private Tables tables = new Tables();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Where in the database the tables are. */
    static final class Tables {
        @Option(
                names = "--schema",
                defaultValue = "",
                paramLabel = "NAME",
                description = "The database schema that holds the tables.")
        private String schema = "";

        @Option(
                names = "--prefix",
                defaultValue = "",
                paramLabel = "TEXT",
                description = "What the tables' names begin with.")
        private String prefix = "";
    }

    /** A database with the dialect that serves it. */
    record Database(String url, HikariDataSource pool, Dialect dialect, StoreOptions options) implements AutoCloseable {
        @Override
        public void close() {
            pool.close();
        }
    }

    /** Where the tables are. */
    StoreOptions options() {
        try {
            return StoreOptions.defaults().withSchema(tables.schema).withPrefix(tables.prefix);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether a database was named. */
    boolean isGiven() {
        return url != null;
    }

    /** The database that was named. */
    Database open() {
        if (url == null) {
            throw new ParameterException(
                    spec.commandLine(), "Which database? Give --url, for example --url jdbc:sqlite:games.db");
        }
        return open(url);
    }

    /** That database. */
    Database open(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECT_MILLIS);
        if (user != null) {
            config.setUsername(user);
            config.setPassword(password());
        }
        HikariDataSource pool = connect(config);
        try {
            return new Database(jdbcUrl, pool, Dialects.of(pool), options());
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariDataSource connect(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new StoreUnavailable("The database can't be reached at " + config.getJdbcUrl(), false, e.getCause());
        } catch (RuntimeException e) {
            throw new StoreUnavailable(
                    "No driver takes the URL " + config.getJdbcUrl() + "; is it spelt right?", false, e);
        }
    }

    private @Nullable String password() {
        if (passwordFile == null) {
            return System.getenv("EVENTSTORE_PASSWORD");
        }
        try {
            return Files.readString(passwordFile).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "The password file can't be read: " + passwordFile, e);
        }
    }
}
