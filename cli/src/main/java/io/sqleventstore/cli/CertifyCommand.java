package io.sqleventstore.cli;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certification;
import io.sqleventstore.conformance.Fixture;
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
    private final Output output;

    @Mixin
    private final Login login = new Login();

    @Mixin
    private final FixtureChoice choice = new FixtureChoice();

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
    public Integer call() throws Exception {
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
        Fixture known = choice.of(login, url);
        String user = login.user();
        return user == null
                ? new Certification(known, url)
                : new Certification(known, url, user, Objects.requireNonNullElse(login.password(), ""));
    }

    private boolean isChosen(Method test) {
        String clause = Pattern.quote(only.replace('-', '_'));
        return only.isEmpty() || test.getName().matches("([A-Z]+_\\d+_)*" + clause + "_.*");
    }

    private Certificate run(Certification certification) throws Exception {
        try {
            return ShutdownHooks.stopping(output, "the suite", certification::stop, certification::run);
        } catch (UncheckedIOException e) {
            throw new Failure(ExitCode.USAGE, "--report: " + e.getMessage(), e);
        }
    }
}
