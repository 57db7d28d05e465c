package io.sqleventstore.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real database server to certify on, looked for in this order: the URL in the environment variable {@code TEST_<NAME>_URL}; a
 * container, where Docker is; one that is embedded in a Maven artifact.
 *
 * <p>The property {@code certify.<name>.image} chooses another image, such as {@code postgres:14}.
 */
public final class TestDatabase implements AutoCloseable {
    private final Function<Fixture, String> jdbcUrl;
    private final Closeable server;

    private TestDatabase(Function<Fixture, String> jdbcUrl, Closeable server) {
        this.jdbcUrl = jdbcUrl;
        this.server = server;
    }

    /**
     * A server that runs for the test only.
     *
     * @param jdbcUrl of a user who may create schemas and roles, credentials included
     * @param stop stops it
     */
    public record Embedded(String jdbcUrl, Closeable stop) {}

    /** There is no server to certify on. */
    public static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }

    /** The server behind that URL, which is not stopped. */
    public static TestDatabase at(String jdbcUrl) {
        return new TestDatabase(fixture -> jdbcUrl, () -> {});
    }

    /** A server that was started for the test and is stopped at its end. */
    public static TestDatabase started(Embedded server) {
        return new TestDatabase(fixture -> server.jdbcUrl(), server.stop());
    }

    /**
     * Looks for a server.
     *
     * @param name of the database, lower case
     * @param image of the container that is started where there is Docker
     * @param container makes one of an image
     * @param embedded starts one without Docker; null if no artifact has one
     * @throws Missing if there is none, with the ways to get one
     */
    public static TestDatabase find(
            String name,
            String image,
            Function<DockerImageName, JdbcDatabaseContainer<?>> container,
            @Nullable Callable<Embedded> embedded)
            throws Exception {
        String variable = "TEST_" + name.toUpperCase(Locale.ROOT) + "_URL";
        String url = System.getenv(variable);
        if (url != null && !url.isBlank()) {
            return at(url);
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            DockerImageName chosen = DockerImageName.parse(System.getProperty("certify." + name + ".image", image))
                    .asCompatibleSubstituteFor(DockerImageName.parse(image).getUnversionedPart());
            return inContainer(container.apply(chosen));
        }
        if (embedded != null) {
            return started(embedded.call());
        }
        throw new Missing("there is no " + name + " server: set " + variable
                + " to the JDBC URL of a user who may create schemas and users, or start Docker");
    }

    private static TestDatabase inContainer(JdbcDatabaseContainer<?> container) {
        container.start();
        return new TestDatabase(
                fixture -> fixture.as(container.getJdbcUrl(), container.getUsername(), container.getPassword()),
                container::stop);
    }

    /** The JDBC URL of a user who may create schemas and roles, with the credentials where that database's URLs have them. */
    public String jdbcUrl(Fixture fixture) {
        return jdbcUrl.apply(fixture);
    }

    /** Stops the server if it was started for this. */
    @Override
    public void close() throws IOException {
        server.close();
    }
}
