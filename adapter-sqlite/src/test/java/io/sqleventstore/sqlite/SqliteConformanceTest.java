package io.sqleventstore.sqlite;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Certifies SQLite, which comes with its driver. */
public class SqliteConformanceTest extends EventStoreConformance {
    @TempDir
    static Path folder;

    @Override
    protected Fixture fixture() {
        return new SqliteFixture();
    }

    @Override
    protected TestDatabase database() {
        return TestDatabase.at("jdbc:sqlite:" + folder.resolve("certified.db"));
    }
}
