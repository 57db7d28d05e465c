package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A database that is not there is never certified, and never forgotten. */
class MissingDatabaseTest {
    private static final Path LINE = Path.of("target", "conformance", "nowhere.txt");

    /** An adapter's test as anybody writes it. */
    static final class Nowhere extends EventStoreConformance {
        @Override
        protected Fixture fixture() {
            return new Fixture(new NowhereDialect());
        }

        @Override
        protected TestDatabase database() {
            throw new TestDatabase.Missing("there is no nowhere server", null);
        }
    }

    static final class NowhereDialect implements Dialect {
        @Override
        public String name() {
            return "nowhere";
        }

        @Override
        public boolean serves(DatabaseMetaData server) {
            return false;
        }

        @Override
        public Fault fault(SQLException e) {
            return Fault.OTHER;
        }
    }

    private static TestExecutionSummary run() {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(Nowhere.class))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    @AfterEach
    void forget() throws Exception {
        System.clearProperty("certify.required");
        for (String kind : List.of("txt", "json", "md", "html")) {
            Files.deleteIfExists(LINE.resolveSibling("nowhere." + kind));
        }
    }

    @Test
    void itIsReportedAsNotCertified() throws Exception {
        System.setProperty("certify.required", "sqlite,postgres");
        TestExecutionSummary summary = run();
        assertThat(summary.getTestsStartedCount()).isZero();
        assertThat(summary.getTotalFailureCount()).isZero();
        assertThat(Files.readString(LINE)).contains("NOT CERTIFIED").contains("there is no nowhere server");
    }

    @Test
    void itFailsIfItIsRequired() throws Exception {
        System.setProperty("certify.required", "sqlite, nowhere");
        assertThat(run().getTotalFailureCount()).isEqualTo(1);
        assertThat(Files.readString(LINE)).contains("NOT CERTIFIED").contains("there is no nowhere server");
    }
}
