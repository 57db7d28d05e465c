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
 * container, where Docker is and has the image or can fetch it; one that is embedded in a Maven artifact.
 *
 * <p>The property {@code certify.<name>.image} chooses another image, such as {@code postgres:14}. Then no other server will do: where there
 * is no such container, or the environment has a URL as well, the search fails.
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

        Missing(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        /**
         * {@return what a test that needs the database throws: this, if {@code certify.required} names it, else what reports the test as
         * not run}
         *
         * @param name the database's name, in lower case
         */
        public RuntimeException unlessRequired(String name) {
            return Certifier.unlessRequired(name, this);
        }
    }

    /**
     * {@return the server behind that URL, which is not stopped}
     *
     * @param jdbcUrl of a user who may create schemas and roles, credentials included
     */
    public static TestDatabase at(String jdbcUrl) {
        return new TestDatabase(fixture -> jdbcUrl, () -> {});
    }

    /**
     * {@return a server that was started for the test and is stopped at its end}
     *
     * @param server the server, and how it is stopped
     */
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
     * @return the server; to be closed
     * @throws Missing if there is none, with the ways to get one
     * @throws IllegalStateException if an image is chosen, and there is no container of it or a URL as well
     * @throws Exception if a server that should be there can't be started
     */
    public static TestDatabase find(
            String name,
            String image,
            Function<DockerImageName, JdbcDatabaseContainer<?>> container,
            @Nullable Callable<Embedded> embedded)
            throws Exception {
        return search(name, image, container, embedded, true, System.getenv(variable(name)));
    }

    /**
     * As {@link #find}, for a database whose image is large or whose licence has to be accepted: a container is started only if {@code
     * certify.required} names the database or {@code certify.<name>.image} is set.
     *
     * @param name of the database, lower case
     * @param image of the container
     * @param container makes one of an image
     * @return the server; to be closed
     * @throws Missing if there is none, with the ways to get one
     * @throws Exception if a server that should be there can't be started
     */
    public static TestDatabase findIfAsked(
            String name, String image, Function<DockerImageName, JdbcDatabaseContainer<?>> container) throws Exception {
        boolean asked = Certifier.required().contains(name);
        return search(name, image, container, null, asked, System.getenv(variable(name)));
    }

    private static String variable(String name) {
        return "TEST_" + name.toUpperCase(Locale.ROOT) + "_URL";
    }

    /** As told by that URL and the property with the image; who names both, or an image that can't be had, gets no other server. */
    static TestDatabase search(
            String name,
            String image,
            Function<DockerImageName, JdbcDatabaseContainer<?>> container,
            @Nullable Callable<Embedded> embedded,
            boolean unasked,
            @Nullable String url)
            throws Exception {
        String property = "certify." + name + ".image";
        String chosen = System.getProperty(property);
        if (url != null && !url.isBlank()) {
            if (chosen != null) {
                throw new IllegalStateException(
                        variable(name) + " and " + property + " contradict each other: set one of them only");
            }
            return at(url);
        }
        Missing obstacle;
        try {
            if (chosen == null && !unasked) {
                throw new Missing(
                        "no container was started, because neither is " + property
                                + " set nor does certify.required name " + name,
                        null);
            }
            return inContainer(
                    DockerImageName.parse(chosen == null ? image : chosen)
                            .asCompatibleSubstituteFor(
                                    DockerImageName.parse(image).getUnversionedPart()),
                    container);
        } catch (Missing e) {
            obstacle = e;
        }
        if (chosen != null) {
            throw new IllegalStateException(property + "=" + chosen + ": " + obstacle.getMessage(), obstacle);
        }
        if (embedded != null) {
            return started(embedded.call());
        }
        throw new Missing(
                "there is no " + name + " server: set " + variable(name)
                        + " to the JDBC URL of a user who may create schemas and users, or start Docker ("
                        + obstacle.getMessage() + ")",
                obstacle);
    }

    private static TestDatabase inContainer(
            DockerImageName image, Function<DockerImageName, JdbcDatabaseContainer<?>> container) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new Missing("no Docker answers", null);
        }
        JdbcDatabaseContainer<?> its = container.apply(image);
        try {
            its.start();
        } catch (RuntimeException e) { // that is all that Testcontainers' own failures have in common
            its.stop();
            throw new Missing("no container of " + image.asCanonicalNameString() + " starts: " + innermost(e), e);
        }
        return new TestDatabase(
                fixture -> fixture.as(its.getJdbcUrl(), its.getUsername(), its.getPassword()), its::stop);
    }

    private static String innermost(Throwable failure) {
        return failure.getCause() == null ? String.valueOf(failure.getMessage()) : innermost(failure.getCause());
    }

    /**
     * {@return the JDBC URL of a user who may create schemas and roles, with the credentials where that database's URLs have them}
     *
     * @param fixture knows where that database's URLs have credentials
     */
    public String jdbcUrl(Fixture fixture) {
        return jdbcUrl.apply(fixture);
    }

    /** Stops the server if it was started for this. */
    @Override
    public void close() throws IOException {
        server.close();
    }
}
