package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sqleventstore.conformance.TestDatabase.Embedded;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.utility.DockerImageName;

/** Where a server is looked for; no Docker needed, and none in the way: no image is fetched. */
class TestDatabaseTest {
    private static final String IMAGE = "localhost:1/nowhere:1";
    private static final String CHOSEN = "certify.nowhere.image";
    private static final Embedded EMBEDDED = new Embedded("jdbc:embedded", () -> {});

    private static final class Container extends JdbcDatabaseContainer<Container> {
        Container(DockerImageName image) {
            super(image);
        }

        /** At once, which Testcontainers says after minutes of trying only. */
        @Override
        public void start() {
            throw new ContainerFetchException("nobody has this image");
        }

        @Override
        public String getDriverClassName() {
            return "none";
        }

        @Override
        public String getJdbcUrl() {
            return "jdbc:container";
        }

        @Override
        public String getUsername() {
            return "user";
        }

        @Override
        public String getPassword() {
            return "password";
        }

        @Override
        protected String getTestQueryString() {
            return "SELECT 1";
        }
    }

    private static TestDatabase search(@Nullable Callable<Embedded> embedded, boolean unasked, @Nullable String url)
            throws Exception {
        return TestDatabase.search("nowhere", IMAGE, Container::new, embedded, unasked, url);
    }

    private static String jdbcUrl(TestDatabase found) {
        return found.jdbcUrl(new Fixture(new MissingDatabaseTest.NowhereDialect()));
    }

    @AfterEach
    void forget() {
        System.clearProperty(CHOSEN);
        System.clearProperty("certify.required");
    }

    @Test
    void aUrlComesFirst() throws Exception {
        assertThat(jdbcUrl(search(() -> EMBEDDED, true, "jdbc:given"))).isEqualTo("jdbc:given");
        assertThat(jdbcUrl(search(() -> EMBEDDED, true, " "))).isEqualTo("jdbc:embedded");
    }

    @Test
    void anImageThatCanNotBeHadIsNoServer() throws Exception {
        assertThat(jdbcUrl(search(() -> EMBEDDED, true, null))).isEqualTo("jdbc:embedded");
        assertThatExceptionOfType(TestDatabase.Missing.class)
                .isThrownBy(() -> search(null, true, null))
                .withMessageContaining("there is no nowhere server: set TEST_NOWHERE_URL")
                .withMessageMatching("(?s).*(no Docker answers|no container of localhost:1/nowhere:1 starts: .+)\\)");
    }

    @Test
    void noContainerIsStartedOfADatabaseThatNobodyAskedFor() {
        assertThatExceptionOfType(TestDatabase.Missing.class)
                .isThrownBy(() -> TestDatabase.findIfAsked("nowhere", IMAGE, image -> {
                    throw new AssertionError("no container was to be made of " + image);
                }))
                .withMessageContaining("no container was started");
        System.setProperty("certify.required", "sqlite, nowhere");
        assertThatExceptionOfType(TestDatabase.Missing.class)
                .isThrownBy(() -> TestDatabase.findIfAsked("nowhere", IMAGE, Container::new))
                .withMessageMatching("(?s).*(no Docker answers|no container of localhost:1/nowhere:1 starts: .+)\\)");
    }

    @Test
    void whoChoosesAnImageGetsNoOtherServer() {
        System.setProperty(CHOSEN, "localhost:1/nowhere:2");
        assertThatIllegalStateException()
                .isThrownBy(() -> search(() -> EMBEDDED, false, null))
                .withMessageMatching("(?s)certify.nowhere.image=localhost:1/nowhere:2: "
                        + "(no Docker answers|no container of localhost:1/nowhere:2 starts: .+)");
        assertThatIllegalStateException()
                .isThrownBy(() -> search(() -> EMBEDDED, true, "jdbc:given"))
                .withMessage("TEST_NOWHERE_URL and certify.nowhere.image contradict each other: set one of them only");
    }
}
