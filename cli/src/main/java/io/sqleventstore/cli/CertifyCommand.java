package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certification;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Fixtures;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the conformance suite on any database. */
@Command(
        name = "certify",
        description = {
            "Run the conformance suite on a database and say whether it keeps the contract. Takes some minutes.",
            "The user has to have the right to create schemas and users. The suite works in schemas and with users of its own,"
                    + " named es_ and eight hexadecimal digits (on SQLite: files beside the named one), and removes them at its"
                    + " end, also if it is interrupted. It touches nothing else. Certify on a server that has time: it is put"
                    + " under load."
        },
        footer = {
            "",
            "A dialect that is not ours, its driver and its fixture come by the class path:",
            "",
            "  EVENTSTORE_CLASSPATH=my-dialect.jar:driver.jar ./eventstore certify --url jdbc:...",
            "  java -cp eventstore.jar:my-dialect.jar:driver.jar io.sqleventstore.cli.Main certify --url jdbc:...",
            "",
            "Exit code 0 means certified, and nothing else does."
        })
final class CertifyCommand implements Callable<Integer> {
    private static final String SQLITE = "jdbc:sqlite:";

    private final Output output;

    @Mixin
    private final Login login = new Login();

    @Option(
            names = "--dialect",
            paramLabel = "CLASS",
            description =
                    "The dialect to certify, a class on the class path, if not the one that is made for the database.")
    private @Nullable String dialect;

    @Option(
            names = "--fixture",
            paramLabel = "CLASS",
            description =
                    "What the suite has to know of the database, a class on the class path, if not the fixture that is"
                            + " registered for the dialect or, where there is none, the common answers.")
    private @Nullable String fixture;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write the certificate there, as <dialect>.html, .md and .json.")
    private @Nullable Path report;

    /** For whoever mends a dialect; what was not tested is not certified. */
    @Option(names = "--only", paramLabel = "CLAUSE", hidden = true)
    private String only = "";

    CertifyCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Certification certification = certification(login.named());
        certification.only(this::isChosen);
        if (report != null) {
            certification.reportTo(report);
        }
        Certificate certificate;
        try (CertifyProgress progress = new CertifyProgress(output)) {
            certificate = run(certification.tell(progress));
        }
        new CertifySummary(output, certificate).print();
        if (report != null) {
            output.line("Certificate in %s", report.resolve(certificate.name() + ".html"));
        }
        return certificate.certified() ? ExitCode.OK : ExitCode.FOUND_WRONG;
    }

    private Certification certification(String url) {
        Fixture known = fixture(url);
        String user = login.user();
        return user == null
                ? new Certification(known, url)
                : new Certification(known, url, user, Objects.requireNonNullElse(login.password(), ""));
    }

    /** Asks the database who it is, too, so that one that doesn't answer is told before the suite begins. */
    private Fixture fixture(String url) {
        // a SQLite file is neither needed nor made: the suite has files of its own beside it
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

    /** Refuses a fixture for another dialect than the one that is to be certified. */
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

    private boolean isChosen(Method test) {
        String clause = Pattern.quote(only.replace('-', '_'));
        return only.isEmpty() || test.getName().matches("([A-Z]+_\\d+_)*" + clause + "_.*");
    }

    private Certificate run(Certification certification) {
        Thread hook = new Thread(() -> stop(certification));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return certification.run();
        } catch (UncheckedIOException e) {
            throw new Failure(ExitCode.USAGE, "--report: " + e.getMessage(), e);
        } finally {
            ShutdownHooks.remove(hook);
        }
    }

    private void stop(Certification certification) {
        output.errors().println("eventstore: interrupted; removing what the suite has made");
        try {
            certification.stop();
        } catch (IllegalStateException e) {
            output.errors().println("eventstore: " + e.getMessage());
        }
    }
}
