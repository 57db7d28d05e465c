package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Fault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@link Dialect#insertBriefly} promises, asked of a server by plain JDBC. */
public final class BriefInserts {
    private static final int LOCK_MILLIS = 100;

    /** As often as it takes drivers to prepare a statement in the server. */
    private static final int TIMES = 8;

    private final Dialect dialect;
    private final String table = "brief_" + System.nanoTime();

    /**
     * For one dialect.
     *
     * @param dialect one that has such an insert
     */
    public BriefInserts(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * It returns its rows; it is refused soon where another transaction is in its way, and is not there then; whatever comes after it waits as ever.
     *
     * @param url of a database where the user may create a table
     * @throws Exception what the driver throws
     */
    public void assertKept(String url) throws Exception {
        try (Connection holder = DriverManager.getConnection(url);
                Connection connection = DriverManager.getConnection(url)) {
            execute(holder, "CREATE TABLE " + table + " (x integer PRIMARY KEY, y integer)");
            try {
                holder.setAutoCommit(false);
                execute(holder, "INSERT INTO " + table + " (x, y) VALUES (0, 0)");
                for (int i = 1; i <= TIMES; i++) {
                    assertRefusedSoon(connection, i);
                    assertThat(insert(connection, i, i)).containsExactly(i, i);
                }
                assertWaits(connection, holder);
            } finally {
                holder.setAutoCommit(true);
                execute(holder, "DROP TABLE " + table);
            }
        }
    }

    private void assertRefusedSoon(Connection connection, int x) {
        long began = System.nanoTime();
        Throwable refusal = catchThrowable(
                () -> insert(connection, 0, x)); // 0 is what the other one holds; the row before it goes, too
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(dialect.fault(e)).isEqualTo(Fault.RETRYABLE));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    /** Two rows, in the order x, y; what it returned of them. */
    private List<Integer> insert(Connection connection, int last, int first) throws SQLException {
        String plain = "INSERT INTO " + table + " (x, y) VALUES (?, 1), (?, 2) RETURNING x, y";
        int other = last == first ? 1_000 + first : first;
        List<Integer> returned = new ArrayList<>();
        try (PreparedStatement insert = connection.prepareStatement(
                dialect.insertBriefly(plain, LOCK_MILLIS).orElseThrow())) {
            insert.setQueryTimeout(20); // so that it ends
            insert.setInt(1, other);
            insert.setInt(2, last);
            insert.execute();
            do {
                try (ResultSet rows = insert.getResultSet()) {
                    while (rows != null && rows.next()) {
                        returned.add(rows.getInt(1) % 1_000);
                    }
                }
            } while (insert.getMoreResults());
        }
        return returned;
    }

    private void assertWaits(Connection connection, Connection holder) throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<?> later = threads.submit(() -> {
                execute(connection, "INSERT INTO " + table + " (x, y) VALUES (0, 3)");
                return true;
            });
            assertThatThrownBy(() -> later.get(20L * LOCK_MILLIS, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            holder.rollback();
            later.get(20, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
