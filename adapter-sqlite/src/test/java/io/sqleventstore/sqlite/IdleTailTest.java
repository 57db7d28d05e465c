package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** A tail that selects nothing of what others append pauses as it does where nobody appends. */
class IdleTailTest {
    private static final Duration PAUSE = Duration.ofMillis(100);

    @TempDir
    Path folder;

    private final AtomicInteger looks = new AtomicInteger();
    private SqlEventStore writing;
    private SqlEventStore following;

    @BeforeEach
    void open() {
        SQLiteDataSource file = new SQLiteDataSource();
        SQLiteDataSource counted = new SQLiteDataSource() {
            @Override
            public SQLiteConnection getConnection(String user, String password) throws SQLException {
                looks.incrementAndGet();
                return super.getConnection(user, password);
            }
        };
        file.setUrl("jdbc:sqlite:" + folder.resolve("busy.db"));
        counted.setUrl(file.getUrl());
        SqlSchema.of(file, new SqliteDialect(), StoreOptions.defaults()).install();
        writing = SqlEventStore.open(file, new SqliteDialect());
        writing.register(EntityType.of("busy", "happened"), EntityType.of("rare", "happened"));
        following = SqlEventStore.open(counted, new SqliteDialect());
    }

    private static Head append(SqlEventStore store, Head head) {
        return store.append(head.append(NewEvent.of("happened", "{}"))).head();
    }

    @Test
    void it_looks_no_more_often_beside_a_busy_writer() throws Exception {
        Tail tail = following.tail(
                Selection.all().ofEntity("rare"),
                Cursor.START,
                TailOptions.defaults().withPauses(PAUSE, PAUSE));
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Head> writer = CompletableFuture.supplyAsync(() -> {
            Head head = Head.beforeFirst(Entity.of("busy", "key"));
            while (!stop.get()) {
                head = append(writing, head);
            }
            return head;
        });
        looks.set(0);
        Tail.Page page;
        try {
            page = tail.next(Duration.ofSeconds(1));
        } finally {
            stop.set(true);
        }

        assertThat(writer.get().revision()).isGreaterThan(3);
        assertThat(page.events()).isEmpty();
        assertThat(looks.get()).isBetween(2, 12);

        append(writing, Head.beforeFirst(Entity.of("rare", "key")));
        assertThat(tail.next(Duration.ofSeconds(5)).events()).hasSize(1);
    }

    @Test
    void it_goes_on_at_once_where_a_page_was_full_of_what_it_does_not_select() {
        Head head = Head.beforeFirst(Entity.of("busy", "key"));
        for (int i = 0; i < 50; i++) {
            head = append(writing, head);
        }
        append(writing, Head.beforeFirst(Entity.of("rare", "key")));
        Tail tail = following.tail(
                Selection.all().ofEntity("rare"),
                Cursor.START,
                TailOptions.defaults().withPageSize(5).withPauses(Duration.ofSeconds(30), Duration.ofSeconds(30)));

        assertThat(tail.next(Duration.ofSeconds(10)).events()).hasSize(1);
    }
}
