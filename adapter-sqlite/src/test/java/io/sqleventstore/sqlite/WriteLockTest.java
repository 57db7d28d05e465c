package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** While somebody else has the write lock, an append takes no longer than the store's timeout. */
class WriteLockTest {
    @TempDir
    Path folder;

    private final SQLiteDataSource file = new SQLiteDataSource();

    @BeforeEach
    void install() {
        file.setUrl("jdbc:sqlite:" + folder.resolve("locked.db"));
        SqlSchema.of(file, new SqliteDialect(), StoreOptions.defaults()).install();
    }

    @Test
    void ERR_4_an_append_alone_ends_in_time() throws Exception {
        assertEndInTime(1);
    }

    @Test
    void ERR_4_appends_that_share_a_commit_end_in_time() throws Exception {
        assertEndInTime(32);
    }

    private void assertEndInTime(int appends) throws Exception {
        SqlEventStore store = SqlEventStore.open(
                file, new SqliteDialect(), StoreOptions.defaults().withTimeout(Duration.ofSeconds(1)));
        store.register(EntityType.of("entity", "happened"));
        ExecutorService threads = Executors.newFixedThreadPool(appends);
        try (Connection other = file.getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            long began = System.nanoTime();
            List<Future<AppendResult>> running = new ArrayList<>();
            for (int i = 0; i < appends; i++) {
                Append append =
                        Head.beforeFirst(Entity.of("entity", "writer" + i)).append(NewEvent.of("happened", "{}"));
                running.add(threads.submit(() -> store.append(append)));
            }
            for (Future<AppendResult> each : running) {
                assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOfSatisfying(
                                StoreUnavailable.class,
                                failure -> assertThat(failure.outcomeUnknown()).isFalse());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.replay(Selection.all())).isEmpty();
    }
}
