package io.sqleventstore.cli;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Clause;
import io.sqleventstore.conformance.Certificate.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A certificate in a few lines: the server, each chapter, what failed, the verdict. */
final class CertifySummary {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Output output;
    private final Certificate certificate;

    CertifySummary(Output output, Certificate certificate) {
        this.output = output;
        this.certificate = certificate;
    }

    void print() {
        Certificate.Database database = certificate.database();
        if (database != null) {
            output.line("Server     %s", firstLine(database.version()));
            output.line(
                    "Driver     %s %s",
                    database.driver().name(), database.driver().version());
            output.line("Dialect    %s", database.dialect());
        }
        certificate.settings().forEach((name, value) -> output.line("           %s: %s", name, value));
        chapters().forEach(this::print);
        certificate.tests().stream()
                .filter(test -> test.outcome() == Outcome.FAILED)
                .forEach(this::printFailure);
        boolean certified = certificate.certified();
        output.line(
                "%s  %s",
                output.styled(certified ? "bold,fg(green)" : "bold,fg(red)", certified ? "CERTIFIED" : "NOT CERTIFIED"),
                certificate.reason());
    }

    private Map<String, List<Clause>> chapters() {
        return certificate.clauses().stream()
                .collect(Collectors.groupingBy(
                        clause -> clause.id().replaceFirst("-.*", ""), LinkedHashMap::new, Collectors.toList()));
    }

    private void print(String chapter, List<Clause> clauses) {
        boolean failed = clauses.stream().anyMatch(clause -> clause.outcome() == Outcome.FAILED);
        boolean passed = clauses.stream().allMatch(clause -> clause.outcome() == Outcome.PASSED);
        String outcome = passed
                ? output.styled("fg(green)", "passed ")
                : output.styled(failed ? "fg(red)" : "fg(yellow)", failed ? "FAILED " : "not run");
        List<String> ids = clauses.stream().map(Clause::id).toList();
        List<Certificate.Test> tests = certificate.tests().stream()
                .filter(test -> !Collections.disjoint(test.clauses(), ids))
                .toList();
        Duration time = tests.stream().map(Certificate.Test::time).reduce(Duration.ZERO, Duration::plus);
        output.line(
                "%-10s %s  %2d clauses  %3d tests  %6.1f s",
                chapter, outcome, clauses.size(), tests.size(), time.toMillis() / MILLIS_PER_SECOND);
    }

    private void printFailure(Certificate.Test test) {
        output.line("%s %s", output.styled("fg(red)", "failed"), test.name());
        output.line("           %s", firstLine(String.valueOf(test.failure())));
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
