package io.sqleventstore.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A run of the suite without a test class: on a database that is known at run time only.
 *
 * <pre>{@code
 * Certificate certificate = new Certification(new PostgresFixture(), "jdbc:postgresql:…").run();
 * }</pre>
 *
 * <p>Works in schemas of its own, which it removes at the end. For one run, on one thread; {@link #stop} is for any.
 */
public final class Certification {
    private static final String KEY = "certify.run";
    private static final Map<String, Certification> RUNNING = new ConcurrentHashMap<>();
    private static final Certification OF_A_TEST_CLASS = new Certification();

    private final @Nullable Fixture fixture;
    private final String jdbcUrl;
    private Predicate<Method> chosen = test -> true;
    private @Nullable Path folder;
    private TestExecutionListener listener = new TestExecutionListener() {};
    private final CancellationToken cancellation = CancellationToken.create();
    private @Nullable Server server;
    private @Nullable Certificate certificate;
    private @Nullable IOException unwritten;

    private Certification() {
        this.fixture = null;
        this.jdbcUrl = "";
        this.folder = Path.of("target", "conformance");
    }

    /**
     * A run that is about to start.
     *
     * @param fixture what the suite has to know of the database
     * @param jdbcUrl of a user who may create schemas and users, credentials included
     */
    public Certification(Fixture fixture, String jdbcUrl) {
        this.fixture = fixture;
        this.jdbcUrl = jdbcUrl;
    }

    /**
     * As {@link #Certification(Fixture, String)}, with the credentials apart from the URL.
     *
     * @param fixture what the suite has to know of the database
     * @param jdbcUrl the server's URL; credentials in it are replaced
     * @param user who may create schemas and users
     * @param password of that user
     */
    public Certification(Fixture fixture, String jdbcUrl, String user, String password) {
        this(fixture, fixture.as(jdbcUrl, user, password));
    }

    /**
     * Only these tests; a certificate without all of them certifies nothing.
     *
     * @param tests says of a test's method whether it is to run
     * @return this run
     */
    public Certification only(Predicate<Method> tests) {
        chosen = tests;
        return this;
    }

    /**
     * Writes the certificate to that folder as {@code <name>.json}, {@code .md}, {@code .html} and a line as {@code .txt}.
     *
     * @param reports the folder; it is created with its parents if it is not there
     * @return this run
     */
    public Certification reportTo(Path reports) {
        folder = reports;
        return this;
    }

    /**
     * Tells that listener what happens while it runs.
     *
     * @param progress is called by the threads that run the tests
     * @return this run
     */
    public Certification tell(TestExecutionListener progress) {
        listener = progress;
        return this;
    }

    /**
     * Runs the suite; takes some minutes.
     *
     * @return what it has found out, also where the tests could not begin
     * @throws UncheckedIOException if the certificate can't be written; where the folder can't be created, before anything else is done
     */
    public Certificate run() {
        createFolder();
        String key = UUID.randomUUID().toString();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(NamedDatabaseConformance.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                        test.getSource().map(this::isChosen).orElse(true)))
                .configurationParameter(KEY, key)
                .build();
        RUNNING.put(key, this);
        try {
            LauncherFactory.create()
                    .execute(LauncherExecutionRequestBuilder.request(request)
                            .listeners(listener)
                            .cancellationToken(cancellation)
                            .build());
        } finally {
            RUNNING.remove(key);
        }
        if (certificate == null) {
            throw new IllegalStateException(
                    "No test of the suite ran: none was chosen, or JUnit's Jupiter engine is not on the class path.");
        }
        if (unwritten != null) {
            throw new UncheckedIOException("the certificate can't be written", unwritten);
        }
        return certificate;
    }

    private void createFolder() {
        if (folder != null) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("the folder of the certificate can't be created: " + folder, e);
            }
        }
    }

    /**
     * Stops the run before its end: the tests fail, what the run has made in the database is removed, and no certificate is written.
     * Returns when that is done; {@link #run} returns soon after. Does nothing more than that if the run is over.
     *
     * @throws IllegalStateException if something could not be removed; the message says what
     */
    public void stop() {
        cancellation.cancel();
        Server running = serverSoFar();
        if (running != null) {
            running.close();
        }
    }

    private synchronized @Nullable Server serverSoFar() {
        return server;
    }

    /** Takes the server that the run works on. */
    void worksOn(Server running) {
        synchronized (this) {
            server = running;
        }
        if (cancellation.isCancellationRequested()) {
            running.close();
        }
    }

    private boolean isChosen(TestSource source) {
        return !(source instanceof MethodSource method) || chosen.test(method.getJavaMethod());
    }

    /** The run that a test belongs to. */
    static Certification of(ExtensionContext context) {
        return context.getConfigurationParameter(KEY).map(RUNNING::get).orElse(OF_A_TEST_CLASS);
    }

    /** Whether a test class runs the suite, and not a program. */
    boolean isOfATestClass() {
        return this == OF_A_TEST_CLASS;
    }

    /** Takes what the run has found out. */
    void deliver(Certificate result) throws IOException {
        certificate = result;
        if (folder != null && !cancellation.isCancellationRequested()) {
            try {
                CertificateFiles.write(result, folder);
            } catch (IOException e) {
                unwritten = e;
                throw e;
            }
        }
    }

    /** Gives the class that stands for the database the run that it belongs to. */
    static final class Giver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Certification.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return of(context);
        }
    }

    Fixture fixture() {
        return Objects.requireNonNull(fixture);
    }

    String jdbcUrl() {
        return jdbcUrl;
    }
}
