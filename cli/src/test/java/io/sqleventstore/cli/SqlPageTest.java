package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.conformance.SqlPage;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteException;

/** What docs/sql.md tells clients of each database to send is executed, in its order, next to the library. */
class SqlPageTest {
    private static final Path PAGE = Path.of("..", "docs", "sql.md");
    private static final Entity GAME = Entity.of("game", "apr-7");
    private static final int WRITERS = 2;
    private static final int APPENDS = 50;
    private static final int LONGEST_MINUTES = 5;

    @TempDir
    private Path temp;

    @Test
    void onSqlite() throws Exception {
        check("sqlite", "jdbc:sqlite:" + temp.resolve("events.db"), List.of(1L, 2L, 3L, 4L, 5L));
    }

    @Test
    void onPostgres() throws Exception {
        try (TestPostgres postgres = new TestPostgres(temp)) {
            String url = postgres.jdbcUrl();
            String separator = url.contains("?") ? "&" : "?";
            check("postgres", url + separator + "currentSchema=" + postgres.schema(), List.of(1L, 2L));
        }
    }

    @Test
    void onMysql() throws Exception {
        TestInnoDb.onMysql(url -> check("mysql", url, List.of(1L, 2L)));
    }

    @Test
    void onMariadb() throws Exception {
        TestInnoDb.onMariadb(url -> check("mysql", url, List.of(1L, 2L)));
    }

    /**
     * Runs the page, and then its append and its query for followers many times while the library appends and follows too.
     *
     * @param prefix the positions that its first query for followers shows
     */
    private static void check(String name, String url, List<Long> prefix) throws Exception {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            SqlSchema.of(pool).install();
            SqlEventStore store = SqlEventStore.open(pool);
            List<SqlPage.Block> blocks = SqlPage.blocks(PAGE, name);
            assertThat(blocks).hasSizeGreaterThan(15);
            assertThat(blocks).filteredOn(block -> block.refusal() != null).hasSizeGreaterThan(5);

            List<List<Long>> followed = run(url, blocks);

            boolean holes = prefix.size() == 2;
            assertThat(followed).isEqualTo(holes ? List.of(prefix, List.of(3L, 4L, 5L, 6L, 7L)) : List.of(prefix));
            assertStoresWhatThePageSays(store);
            assertThat(positions(url)).isEqualTo(upTo(holes ? 7 : 5));
            appendBesideTheLibrary(url, store, blocks);
        }
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    /** Executes the blocks; returns what each of its queries for followers shows. */
    private static List<List<Long>> run(String url, List<SqlPage.Block> blocks) throws SQLException {
        List<List<Long>> followed = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (SqlPage.Block block : blocks) {
                for (String sql : block.statements()) {
                    if (block.refusal() != null) {
                        assertThatThrownBy(() -> statement.execute(sql))
                                .as(sql)
                                .isInstanceOfSatisfying(
                                        SQLException.class,
                                        refusal -> assertThat(code(refusal)).isEqualTo(block.refusal()));
                    } else if (isFollowing(sql)) {
                        followed.add(positions(statement, sql));
                    } else {
                        statement.execute(sql);
                    }
                }
            }
        }
        return followed;
    }

    private static boolean isFollowing(String sql) {
        return sql.contains("ROW_NUMBER");
    }

    /** As the page's tables name it. */
    private static String code(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? String.valueOf(sqlite.getResultCode().code)
                : e.getErrorCode() == 0 ? e.getSQLState() : String.valueOf(e.getErrorCode());
    }

    private static List<Long> positions(Statement statement, String sql) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                positions.add(row.getLong("position"));
            }
        }
        return positions;
    }

    private static List<Long> positions(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            return positions(statement, "SELECT position FROM event_ledger ORDER BY position");
        }
    }

    private static void assertStoresWhatThePageSays(SqlEventStore store) {
        assertThat(store.replay(Selection.all()))
                .extracting(event -> "%s %s %d %s %s %d %s"
                        .formatted(
                                event.entity().name(),
                                event.entity().key(),
                                event.revision(),
                                event.name(),
                                event.appendKey(),
                                event.appendIndex(),
                                event.data()))
                .containsExactly(
                        "game apr-7 1 game-started command-1 0 {\"players\":2}",
                        "game apr-7 2 card-played command-2 0 {\"card\":7}",
                        "game apr-7 3 card-played command-3 0 {\"card\":9}",
                        "player ann 1 joined command-3 1 {}",
                        "game apr-7 4 card-played command-4 0 {\"card\":1}");
        Head first = store.replay(GAME).events().get(0).head();
        assertThat(store.append(first.append(NewEvent.of("card-played", "{\"card\":7}"))
                                .withKey("command-2"))
                        .repeated())
                .isTrue();
        assertThat(store.verify().clean()).isTrue();
    }

    // ---- next to the library ----

    private static void appendBesideTheLibrary(String url, SqlEventStore store, List<SqlPage.Block> blocks)
            throws Exception {
        List<String> settings = settings(blocks);
        String append = only(blocks, "revision + 1");
        String follow = only(blocks, "place\n");
        long last = 5 + 2L * WRITERS * APPENDS;
        List<Future<?>> writing = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2 * WRITERS + 2);
        try {
            for (int i = 0; i < WRITERS; i++) {
                writing.add(threads.submit(all(() -> appendBySql(url, settings, append))));
                writing.add(threads.submit(all(() -> appendByLibrary(store))));
            }
            Future<List<Long>> tail = threads.submit(() -> followByLibrary(store, last));
            Future<List<Long>> bySql = threads.submit(() -> followBySql(url, follow, last));
            for (Future<?> each : writing) {
                each.get(LONGEST_MINUTES, TimeUnit.MINUTES);
            }
            List<Long> replayed =
                    store.replay(Selection.all()).map(StoredEvent::position).toList();
            assertThat(replayed).hasSize((int) last);
            assertThat(tail.get(LONGEST_MINUTES, TimeUnit.MINUTES)).isEqualTo(replayed);
            assertThat(bySql.get(LONGEST_MINUTES, TimeUnit.MINUTES)).isEqualTo(replayed);
            assertThat(store.replay(GAME).events()).hasSize((int) last - 1);
            assertThat(store.verify().clean()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What the page begins with, where a session has to be set. */
    private static List<String> settings(List<SqlPage.Block> blocks) {
        return blocks.get(0).statements().stream()
                .filter(sql -> sql.matches("(SET|PRAGMA) .*"))
                .toList();
    }

    private static String only(List<SqlPage.Block> blocks, String part) {
        return blocks.stream()
                .flatMap(block -> block.statements().stream())
                .filter(sql -> sql.contains(part))
                .findFirst()
                .orElseThrow();
    }

    private static Callable<Boolean> all(Callable<Boolean> append) {
        return () -> {
            for (int i = 0; i < APPENDS; i++) {
                append.call();
            }
            return true;
        };
    }

    /** The page's append with an id and a key of its own, until it is stored. */
    private static Boolean appendBySql(String url, List<String> settings, String append) throws SQLException {
        String key = UUID.randomUUID().toString();
        String own = append.replaceFirst("01981d1e-?0000-?7000-?8000-?000000000006", id(append))
                .replace("command-4", key);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
            while (true) {
                try {
                    statement.execute(own);
                    return true;
                } catch (SQLException refused) {
                    String stored = "SELECT position FROM event_ledger WHERE append_key = '" + key + "'";
                    assertThat(positions(statement, stored))
                            .as("refused and stored")
                            .isEmpty();
                }
            }
        }
    }

    private static String id(String like) {
        String id = UUID.randomUUID().toString();
        return like.contains("01981d1e-") ? id : id.replace("-", "");
    }

    private static Boolean appendByLibrary(SqlEventStore store) {
        Head head = store.replay(GAME).head();
        while (true) {
            try {
                store.append(head.append(NewEvent.of("card-played", "{\"by\":\"library\"}")));
                return true;
            } catch (StaleAppend stale) {
                head = stale.current();
            }
        }
    }

    private static List<Long> followByLibrary(SqlEventStore store, long last) {
        List<Long> delivered = new ArrayList<>();
        Tail tail = store.tail(Selection.all(), Cursor.START);
        while (delivered.size() < last) {
            tail.next(Duration.ofSeconds(1)).events().forEach(event -> delivered.add(event.position()));
        }
        return delivered;
    }

    /** The positions of events that the page's query shows from one cursor to the next; somebody else settles what is missing. */
    private static List<Long> followBySql(String url, String follow, long last) throws Exception {
        List<Long> delivered = new ArrayList<>();
        long cursor = 0;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            while (delivered.size() < last) {
                String from = follow.replace("position > 0", "position > " + cursor)
                        .replace("= 0 + place", "= " + cursor + " + place");
                try (ResultSet row = statement.executeQuery(from)) {
                    while (row.next()) {
                        cursor = row.getLong("position");
                        if (!row.getString("entity").equals("~void")) {
                            delivered.add(cursor);
                        }
                    }
                }
                Thread.sleep(5);
            }
        }
        return delivered;
    }
}
