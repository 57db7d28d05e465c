package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Fixtures;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what has to be known of the database that is put to a test. */
final class FixtureChoice {
    private static final String SQLITE = "jdbc:sqlite:";

    @Option(
            names = "--dialect",
            paramLabel = "CLASS",
            description = "The dialect, a class on the class path, if not the one that is made for the database.")
    private @Nullable String dialect;

    @Option(
            names = "--fixture",
            paramLabel = "CLASS",
            description = "What has to be known of the database, a class on the class path, if not the fixture that is"
                    + " registered for the dialect or, where there is none, the common answers.")
    private @Nullable String fixture;

    /** Asks the database who it is, too, so that one that doesn't answer is told before anything begins. */
    Fixture of(Login login, String url) {
        // a SQLite file is neither needed nor made: there are files of one's own beside it
        String asked = url.startsWith(SQLITE) ? SQLITE + ":memory:" : url;
        try (HikariDataSource pool = login.connect(asked, true)) {
            if (fixture != null) {
                return matching(instance(fixture, Fixture.class));
            }
            return Fixtures.of(dialect == null ? Dialects.of(pool) : instance(dialect, Dialect.class));
        } catch (SchemaMismatch e) {
            throw new Failure(ExitCode.DATABASE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, e.getMessage() + " Choose one by --fixture.", e);
        }
    }

    /** Refuses a fixture for another dialect than the one that is chosen. */
    private Fixture matching(Fixture named) {
        String its = named.dialect().getClass().getName();
        if (dialect != null && !dialect.equals(its)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "%s is for %s, not for %s: name a fixture that is.".formatted(fixture, its, dialect));
        }
        return named;
    }

    private static <T> T instance(String name, Class<T> kind) {
        try {
            return Class.forName(name).asSubclass(kind).getConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "There is no class %s on the class path that is a %s and has a public constructor without parameters."
                            .formatted(name, kind.getSimpleName()),
                    e);
        }
    }
}
