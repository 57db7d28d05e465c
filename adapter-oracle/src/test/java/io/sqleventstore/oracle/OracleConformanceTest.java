package io.sqleventstore.oracle;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import java.time.Duration;
import org.testcontainers.oracle.OracleContainer;
import org.testcontainers.utility.DockerImageName;

/** Certifies Oracle Database, on whatever server {@link TestDatabase} finds. */
public class OracleConformanceTest extends EventStoreConformance {
    private static final Duration START = Duration.ofMinutes(10);

    @Override
    protected Fixture fixture() {
        return new OracleFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return TestDatabase.findIfAsked(
                "oracle", "gvenzl/oracle-free:23-slim-faststart", OracleConformanceTest::container);
    }

    /** Its SYSTEM user, in the pluggable database: there users can be made. Oracle is awaited by the line in its log that says it is ready. */
    private static OracleContainer container(DockerImageName image) {
        return new OracleContainer(image) {
            @Override
            public String getUsername() {
                return "system";
            }

            @Override
            public String getDatabaseName() {
                return image.getRepository().endsWith("-xe") ? "xepdb1" : super.getDatabaseName();
            }
        }.withStartupTimeout(START);
    }
}
