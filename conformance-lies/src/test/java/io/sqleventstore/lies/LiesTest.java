package io.sqleventstore.lies;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** With the databases that stores lie on. */
abstract class LiesTest {
    @TempDir
    static Path folder;

    static Databases databases;

    @BeforeAll
    static void find() throws Exception {
        databases = new Databases(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        databases.close();
    }
}
