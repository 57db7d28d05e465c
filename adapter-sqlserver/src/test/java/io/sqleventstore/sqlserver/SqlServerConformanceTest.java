package io.sqleventstore.sqlserver;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import java.time.Duration;
import org.testcontainers.mssqlserver.MSSQLServerContainer;
import org.testcontainers.utility.DockerImageName;

/** Certifies SQL Server, on whatever server {@link TestDatabase} finds; Microsoft's licence is accepted by whoever starts the container. */
public class SqlServerConformanceTest extends EventStoreConformance {
    private static final Duration START = Duration.ofMinutes(5);

    @Override
    protected Fixture fixture() {
        return new SqlServerFixture();
    }

    @Override
    protected TestDatabase database() throws Exception {
        return TestDatabase.findIfAsked(
                "sqlserver", "mcr.microsoft.com/mssql/server:2022-latest", SqlServerConformanceTest::container);
    }

    private static MSSQLServerContainer container(DockerImageName image) {
        return new MSSQLServerContainer(image).acceptLicense().withStartupTimeout(START);
    }
}
