package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** Appends that are refused for the same entity stay out of each other's way. */
@Timeout(60)
class HotEntityTest {
    private static final int OTHERS = 8;

    @TempDir
    Path folder;

    private final CountDownLatch refused = new CountDownLatch(OTHERS);
    private final CountDownLatch end = new CountDownLatch(1);

    /** How many connections a thread has still to get before one that it waits for until the end; none for the others. */
    private final ThreadLocal<Integer> free = ThreadLocal.withInitial(() -> Integer.MAX_VALUE);

    private SqlEventStore store() {
        SQLiteDataSource file = new SQLiteDataSource() {
            @Override
            public SQLiteConnection getConnection(String user, String password) throws SQLException {
                free.set(free.get() - 1);
                if (free.get() < 0) {
                    refused.countDown();
                    await(end);
                }
                return super.getConnection(user, password);
            }
        };
        file.setUrl("jdbc:sqlite:" + folder.resolve("hot.db"));
        StoreOptions eachAlone = StoreOptions.defaults().withAppendsPerCommit(1);
        SqlSchema.of(file, new SqliteDialect(), eachAlone).install();
        SqlEventStore store = SqlEventStore.open(file, new SqliteDialect(), eachAlone);
        store.register(EntityType.of("hot", "happened"));
        return store;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refuse(SqlEventStore store, String key) {
        Head old = Head.beforeFirst(Entity.of("hot", key));
        assertThatThrownBy(() -> store.append(old.append(NewEvent.of("happened", "{}"))))
                .isInstanceOfSatisfying(
                        StaleAppend.class,
                        e -> assertThat(e.current().revision()).isOne());
    }

    /** In milliseconds, of forty. */
    private static long refusals(SqlEventStore store, String key) {
        long began = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            refuse(store, key);
        }
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    @Test
    void who_is_refused_beside_others_pauses_and_who_is_alone_does_not() throws Exception {
        SqlEventStore store = store();
        for (String key : List.of("wanted", "calm")) {
            store.append(Head.beforeFirst(Entity.of("hot", key)).append(NewEvent.of("happened", "{}")));
        }
        refusals(store, "calm"); // whose first ones take longer
        ExecutorService pool = Executors.newFixedThreadPool(OTHERS);
        List<Future<Boolean>> others = new ArrayList<>();
        try {
            for (int i = 0; i < OTHERS; i++) {
                others.add(pool.submit(() -> {
                    free.set(1); // for the append, and none to see why it is refused
                    refuse(store, "wanted");
                    return true;
                }));
            }
            refused.await();
            long calm = refusals(store, "calm");
            assertThat(refusals(store, "wanted"))
                    .as("40 pauses of up to 100 ms, 2 s on the average, beside %d ms", calm)
                    .isGreaterThan(calm + 800);
        } finally {
            end.countDown();
            pool.shutdown();
        }
        for (Future<Boolean> each : others) {
            assertThat(each.get()).isTrue();
        }
    }
}
