package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.conformance.TestStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store that applications are tested with, in files. */
class SqliteTestStoreTest {
    @Test
    void isEmptyHasAFileOfItsOwnAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("named.db");
        try (TestStore one = TestStore.at(url);
                TestStore other = TestStore.at(url)) {
            one.store().register(EntityType.of("game", "started"));
            assertThat(other.store().registered()).isEmpty();
            assertThat(other.store().replay(Selection.all())).isEmpty();
            assertThat(folder.resolve("named.db")).doesNotExist();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
