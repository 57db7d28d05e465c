package io.sqleventstore.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Notes which clauses were tested on which server, and writes one line of it to {@code target/conformance/<dialect>.txt}:
 * certified only if every clause has a test that ran, and all passed.
 */
final class Certifier implements BeforeEachCallback, TestWatcher, AfterAllCallback {
    /** The clauses of {@code docs/contract.md} that a database is certified for. */
    static final List<String> CLAUSES = List.of(
            "REG_1", "REG_2", "REG_3", "ORD_1", "ORD_2", "ORD_3", "ORD_4", "ORD_5", "ORD_6", "DUP_1", "DUP_2", "DUP_3",
            "DUP_4", "DUP_5", "IMM_1", "RPL_1", "RPL_2", "RPL_3", "RPL_4", "TAIL_1", "TAIL_2", "TAIL_3", "TAIL_4",
            "ATM_1", "ATM_2", "FID_1", "FID_2", "FID_3", "ERR_1", "ERR_2", "ERR_3", "SEC_1", "SEC_2");

    private static final Pattern CLAUSE = Pattern.compile("[A-Z]{3,4}_\\d+");

    private final Map<String, Integer> passedByClause = new TreeMap<>();
    private int passed;
    private int notPassed;
    private @Nullable String name;
    private String server = "no server was reached";

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        if (name == null) {
            Suite suite = (Suite) context.getRequiredTestInstance();
            name = suite.dialect().name();
            try (Connection connection = suite.place().dataSource().getConnection()) {
                DatabaseMetaData it = connection.getMetaData();
                server = "%s %s, driver %s"
                        .formatted(it.getDatabaseProductName(), it.getDatabaseProductVersion(), it.getDriverVersion());
            }
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        passed++;
        Matcher clauses = CLAUSE.matcher(context.getRequiredTestMethod().getName());
        while (clauses.find()) {
            passedByClause.merge(clauses.group(), 1, Integer::sum);
        }
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        notPassed++;
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        notPassed++;
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        notPassed++;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        String subject = name == null ? context.getRequiredTestClass().getSimpleName() : name;
        List<String> untested = CLAUSES.stream()
                .filter(clause -> !passedByClause.containsKey(clause))
                .toList();
        boolean certified = notPassed == 0
                && untested.isEmpty()
                && context.getExecutionException().isEmpty();
        write(
                subject,
                "%-10s  %-13s  %s; %s%n"
                        .formatted(subject, certified ? "CERTIFIED" : "NOT CERTIFIED", server, why(untested)));
    }

    private String why(List<String> untested) {
        String tests = "%d clauses, %d tests passed, %d did not".formatted(passedByClause.size(), passed, notPassed);
        return untested.isEmpty() ? tests : tests + ", clauses without a passed test: " + String.join(" ", untested);
    }

    private static void write(String subject, String line) {
        Path folder = Path.of("target", "conformance");
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(subject + ".txt"), line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
