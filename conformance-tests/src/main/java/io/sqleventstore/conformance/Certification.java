package io.sqleventstore.conformance;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A run of the suite without a test class: on a database that is known at run time only.
 *
 * <pre>{@code
 * Certificate certificate = new Certification(new PostgresFixture(), "jdbc:postgresql:…").run();
 * }</pre>
 *
 * <p>Works in schemas of its own, which it removes at the end. For one thread and one run.
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
    private @Nullable Certificate certificate;

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

    /** Only these tests; a certificate without all of them certifies nothing. */
    public Certification only(Predicate<Method> tests) {
        chosen = tests;
        return this;
    }

    /** Writes the certificate to that folder as {@code <name>.json}, {@code .md}, {@code .html} and a line as {@code .txt}. */
    public Certification reportTo(Path reports) {
        folder = reports;
        return this;
    }

    /** Tells that listener what happens while it runs. */
    public Certification tell(TestExecutionListener progress) {
        listener = progress;
        return this;
    }

    /** Runs the suite; takes some minutes. */
    public Certificate run() {
        String key = UUID.randomUUID().toString();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(NamedDatabaseConformance.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                        test.getSource().map(this::isChosen).orElse(true)))
                .configurationParameter(KEY, key)
                .build();
        RUNNING.put(key, this);
        try {
            LauncherFactory.create().execute(request, listener);
        } finally {
            RUNNING.remove(key);
        }
        if (certificate == null) {
            throw new IllegalStateException("The suite did not run; is JUnit's Jupiter engine on the class path?");
        }
        return certificate;
    }

    private boolean isChosen(TestSource source) {
        return !(source instanceof MethodSource method) || chosen.test(method.getJavaMethod());
    }

    /** The run that a test belongs to. */
    static Certification of(ExtensionContext context) {
        return context.getConfigurationParameter(KEY).map(RUNNING::get).orElse(OF_A_TEST_CLASS);
    }

    /** Takes what the run has found out. */
    void deliver(Certificate result) throws IOException {
        certificate = result;
        if (folder != null) {
            CertificateFiles.write(result, folder);
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
        return java.util.Objects.requireNonNull(fixture);
    }

    String jdbcUrl() {
        return jdbcUrl;
    }
}
