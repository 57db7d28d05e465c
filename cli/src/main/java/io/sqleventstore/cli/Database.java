package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.StoreOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which database and how long it may take, and the way into it. */
final class Database {
    @Mixin
    private final Login login = new Login();

    @Mixin
    private final Place place = new Place();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description =
                    "How long an append, a registration or a page of what is read may take, with all its attempts; 60 unless it is said.")
    private long timeout = StoreOptions.defaults().timeout().toSeconds();

    @Nullable
    String url() {
        return login.url();
    }

    /** Opens the database that the options name; a SQLite file has to be there. */
    OpenDatabase open() {
        return open(login.named(), false);
    }

    /** Opens the database that the options name; a SQLite file is created. */
    OpenDatabase create() {
        return open(login.named(), true);
    }

    /** Opens that database with the other options; a SQLite file is created. */
    OpenDatabase create(String thatUrl) {
        return open(thatUrl, true);
    }

    private OpenDatabase open(String itsUrl, boolean create) {
        StoreOptions options = options();
        HikariDataSource pool = login.connect(itsUrl, create);
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

    private StoreOptions options() {
        if (timeout < 1) {
            throw new Failure(ExitCode.USAGE, "--timeout has to be a second or more.");
        }
        return place.options().withTimeout(Duration.ofSeconds(timeout));
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
