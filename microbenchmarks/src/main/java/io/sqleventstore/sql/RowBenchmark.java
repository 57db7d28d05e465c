package io.sqleventstore.sql;

import io.sqleventstore.StoredEvent;
import io.sqleventstore.sqlite.SqliteDialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a replay makes of a row; SQLite's driver has the row in memory, and lets it be read again and again. In this package, since nobody else may map a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {
    private static final int COLUMNS = 12;
    private static final String ID = "x'0197a1f53b6e7c119d557a6c0e2f8b34'";
    private static final String DATA = "{\"card\":\"" + "queen of spades ".repeat(30) + "clubs 7890\"}";

    private final SqliteDialect dialect = new SqliteDialect();
    private final Ledger ledger =
            new Ledger(dialect, new SqlFiles(dialect, StoreOptions.defaults()), StoreOptions.defaults());
    private final Connection connection;
    private final ResultSet row;

    /** With a row of an event of 500 bytes. */
    public RowBenchmark() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite::memory:");
            row = connection
                    .createStatement()
                    .executeQuery(
                            "SELECT 7, %s, 'game', 'apr-7-2025', 7, %s, 'card-played', '0197a1f5-3b6e-7c11-9d55-7a6c0e2f8b34', 0, '%s', NULL, '2025-04-07T12:34:56.789Z'"
                                    .formatted(ID, ID, DATA));
            row.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the driver's connection. */
    @TearDown
    public void close() throws SQLException {
        connection.close();
    }

    /** The row as an event. */
    @Benchmark
    public StoredEvent event() throws SQLException {
        return ledger.event(row);
    }

    /** What of it is the driver's: its columns as they are. */
    @Benchmark
    public void columns(Blackhole sink) throws SQLException {
        for (int column = 1; column <= COLUMNS; column++) {
            sink.consume(row.getObject(column));
        }
    }
}
