package io.sqleventstore.conformance;

import io.sqleventstore.conformance.Certificate.Clause;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.sql.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/**
 * Watches a run of the suite and writes its {@link Certificate}. A database that is not there is reported as not certified; if it is named
 * in the property {@code certify.required} (names separated by commas) the run fails.
 */
final class Certifier implements BeforeAllCallback, BeforeEachCallback, TestWatcher, AfterAllCallback {
    private static final List<String> EXPECTED = List.of("isolation", "durability", "collation", "time zone");
    private static final String AROUND = "ERR_3_nothing_is_left_of_a_run";

    private final Instant began = Instant.now();
    private final List<Certificate.Test> tests = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private Certificate.@Nullable Database database;
    private @Nullable String obstacle;
    private Instant testBegan = began;
    private long roundsBefore;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Suite suite = (Suite) context.getRequiredTestInstance();
        try {
            suite.findDatabase();
        } catch (TestDatabase.Missing e) {
            obstacle = e.getMessage();
            throw e.unlessRequired(suite.fixture().dialect().name());
        }
        Certification.of(context).worksOn(suite.server());
        refuseOthers(suite);
    }

    /** A server that the dialect is not for could keep every promise and pass for one that it is for. */
    private void refuseOthers(Suite suite) throws SQLException {
        Place place = suite.newPlace(); // not where the URL points: on SQLite that may be a file of the user's
        try {
            refuseOthers(suite, place);
        } finally {
            place.drop().run();
        }
    }

    private void refuseOthers(Suite suite, Place place) throws SQLException {
        Dialect dialect = suite.fixture().dialect();
        try (Connection connection = place.dataSource().getConnection()) {
            String version = version(suite.fixture(), connection);
            if (!dialect.serves(connection.getMetaData()) || !suite.fixture().isProduct(version)) {
                obstacle = "the server is %s %s, for which %s is not made"
                        .formatted(
                                connection.getMetaData().getDatabaseProductName(),
                                version,
                                dialect.getClass().getName());
                throw new IllegalStateException(obstacle);
            }
        }
    }

    private static String version(Fixture fixture, Connection connection) throws SQLException {
        return fixture.version().isEmpty()
                ? connection.getMetaData().getDatabaseProductVersion()
                : answer(connection, fixture.version());
    }

    /** See {@link TestDatabase.Missing#unlessRequired}. */
    static RuntimeException unlessRequired(String name, TestDatabase.Missing missing) {
        return required().contains(name) ? missing : new TestAbortedException(missing.getMessage(), missing);
    }

    /** The names of the databases without whose certificate the build fails. */
    static Set<String> required() {
        return Set.copyOf(
                List.of(System.getProperty("certify.required", "").strip().split("\\s*,\\s*")));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        if (database == null) {
            ask((Suite) context.getRequiredTestInstance());
        }
        roundsBefore = Rounds.count();
        testBegan = Instant.now();
    }

    private void ask(Suite suite) throws SQLException {
        Fixture fixture = suite.fixture();
        Dialect dialect = fixture.dialect();
        try (Connection connection = suite.place().dataSource().getConnection()) {
            dialect.prepare(connection);
            DatabaseMetaData it = connection.getMetaData();
            String version = version(fixture, connection);
            Map<String, String> answers = suite.server().settings(connection);
            EXPECTED.stream()
                    .filter(name -> answers.keySet().stream().noneMatch(known -> known.startsWith(name)))
                    .forEach(name -> answers.put(name, "not asked: the fixture has no query for it"));
            settings = answers;
            database = new Certificate.Database(
                    dialect.getClass().getName(),
                    fixture.product(it),
                    version,
                    new Certificate.Driver(it.getDriverName(), it.getDriverVersion()));
        }
    }

    static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, Outcome.PASSED, null);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        note(context, Outcome.FAILED, String.valueOf(cause));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        note(context, Outcome.NOT_RUN, String.valueOf(cause));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        note(context, Outcome.NOT_RUN, reason.orElse("disabled"));
    }

    private void note(ExtensionContext context, Outcome outcome, @Nullable String failure) {
        String name = context.getRequiredTestMethod().getName();
        tests.add(new Certificate.Test(
                name,
                Contract.clausesOf(name),
                outcome,
                Rounds.count() - roundsBefore,
                Duration.between(testBegan, Instant.now()),
                failure));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        Suite suite = (Suite) context.getRequiredTestInstance();
        context.getExecutionException().filter(failure -> obstacle == null).ifPresent(this::noteWhatIsLeft);
        if (database != null) {
            noteWhatDidNotRun();
        }
        if (obstacle == null && Suite.isOwner()) {
            obstacle = "ran with the owner's rights (certify.role=owner), not an appender's";
        }
        if (obstacle == null && Suite.appendsPerCommit() != 0) {
            obstacle = "ran with %s=%d, not with what the dialect has"
                    .formatted(Suite.APPENDS_PER_COMMIT, Suite.appendsPerCommit());
        }
        Certificate certificate =
                certificate(suite.fixture().dialect().name(), suite.fixture().hasRoles());
        Certification certification = Certification.of(context);
        certification.deliver(certificate);
        if (certification.isOfATestClass()) {
            tell(certificate);
        }
    }

    /** At once, since a build that fails here doesn't reach its table; and where nothing failed although the whole suite had to run. */
    private static void tell(Certificate certificate) {
        System.out.print("==== " + CertificateFiles.line(certificate)); // System.out: a test's own output
        if (required().contains(certificate.name()) && !certificate.certified()) {
            throw new AssertionError("certify.required names %s, which this run does not certify: %s"
                    .formatted(certificate.name(), certificate.reason()));
        }
    }

    /** What was found wrong around the tests, such as a connection that is still out when all have ended. */
    private void noteWhatIsLeft(Throwable failure) {
        obstacle = explained(failure);
        if (!tests.isEmpty()) {
            tests.add(new Certificate.Test(
                    AROUND, Contract.clausesOf(AROUND), Outcome.FAILED, 0, Duration.ZERO, obstacle));
        }
    }

    /** With what the driver said at the bottom of it. */
    private static String explained(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String outermost = String.valueOf(failure.getMessage() == null ? failure : failure.getMessage());
        return innermost == failure ? outermost : outermost + ": " + innermost.getMessage();
    }

    /** Else a run of some tests only could pass for one of all. */
    private void noteWhatDidNotRun() {
        Set<String> known = tests.stream().map(Certificate.Test::name).collect(Collectors.toSet());
        Contract.tests()
                .filter(name -> !known.contains(name))
                .map(name ->
                        new Certificate.Test(name, Contract.clausesOf(name), Outcome.NOT_RUN, 0, Duration.ZERO, null))
                .forEach(tests::add);
    }

    private Certificate certificate(String name, boolean hasRoles) {
        List<Clause> clauses = Contract.PROMISES.entrySet().stream()
                .map(clause -> clause(clause.getKey(), clause.getValue()))
                .toList();
        return new Certificate(
                name,
                reason(clauses),
                new Certificate.Suite(suiteVersion()),
                database,
                settings,
                host(hasRoles),
                began.truncatedTo(ChronoUnit.MILLIS),
                Duration.between(began, Instant.now()),
                clauses,
                tests);
    }

    private Clause clause(String id, String promise) {
        List<Certificate.Test> its =
                tests.stream().filter(test -> test.clauses().contains(id)).toList();
        return new Clause(
                id,
                promise,
                Outcome.of(its),
                its.size(),
                its.stream().mapToLong(Certificate.Test::rounds).sum(),
                its.stream().map(Certificate.Test::time).reduce(Duration.ZERO, Duration::plus));
    }

    private String reason(List<Clause> clauses) {
        if (obstacle != null) {
            return obstacle;
        }
        List<String> notRun = clauses.stream()
                .filter(clause -> clause.outcome() == Outcome.NOT_RUN)
                .map(Clause::id)
                .toList();
        long passed =
                tests.stream().filter(test -> test.outcome() == Outcome.PASSED).count();
        String ran = "%s, %s passed, %d did not"
                .formatted(
                        Wording.count(clauses.size() - notRun.size(), "clause"),
                        Wording.count(passed, "test"),
                        tests.size() - passed);
        return notRun.isEmpty() ? ran : ran + "; not tested: " + String.join(" ", notRun);
    }

    private static Map<String, String> host(boolean hasRoles) {
        Map<String, String> host = new LinkedHashMap<>();
        host.put("java", Runtime.version() + ", " + System.getProperty("java.vm.vendor"));
        host.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        host.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        host.put("time zone", ZoneId.systemDefault().getId());
        host.put(
                Certificate.ROLE,
                Suite.isOwner() ? Certificate.OWNER : hasRoles ? "appender" : "the only user that the database knows");
        return host;
    }

    private static String suiteVersion() {
        Properties suite = new Properties();
        try (InputStream file = Certifier.class.getResourceAsStream("suite.properties")) {
            suite.load(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return suite.getProperty("version");
    }
}
