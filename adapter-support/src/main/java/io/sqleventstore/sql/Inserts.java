package io.sqleventstore.sql;

import io.sqleventstore.StoredEvent;
import io.sqleventstore.rules.LedgerRow;
import io.sqleventstore.sql.Watchdog.Watch;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * What is inserted into the ledger, by one statement or one batch each; by JDBC alone, since what Jdbi does for each value is two fifths of
 * what an append costs in this process. Throws {@link JdbcFailure}.
 */
final class Inserts {
    private final Dialect dialect;
    private final SqlFiles files;
    private final int idType;

    Inserts(Dialect dialect, SqlFiles files) {
        this.dialect = dialect;
        this.files = files;
        this.idType = dialect.bind(new UUID(0, 0)) instanceof byte[] ? Types.VARBINARY : Types.OTHER;
    }

    /** Notes their positions by event id, if the statement tells them; brief is {@link SqlFiles#briefAppend}. */
    void append(Handle handle, List<LedgerRow> rows, Map<UUID, Long> positions, boolean brief) {
        Insertion insertion = dialect.insertion();
        boolean key = insertion == Insertion.GENERATED_KEY && insertion.tells(rows.size());
        String sql = brief ? files.briefAppend(rows.size()).orElseThrow() : sql("append", rows);
        insert(handle, sql, key, rows, this::bind, inserted -> {
            if (key) {
                noteKey(inserted, rows.get(0).id(), positions);
            } else if (insertion == Insertion.RETURNING) {
                noteReturned(inserted, positions);
            }
        });
    }

    /** With positions and times of their own. */
    void stored(Handle handle, List<StoredEvent> events) {
        insert(handle, sql("import", events), false, events, this::bind, inserted -> {});
    }

    /** As positions that no event will ever have. */
    void voids(Handle handle, List<Ledger.Place> places) {
        insert(handle, sql("fence", places), false, places, this::bind, inserted -> {});
    }

    private String sql(String operation, List<?> rows) {
        return files.get(operation, dialect.insertion() == Insertion.BATCH ? 1 : rows.size());
    }

    @FunctionalInterface
    private interface Binder<T> {
        /** Binds the values of a row from that parameter on, and returns the parameter after them. */
        int bind(PreparedStatement insert, int first, T row) throws SQLException;
    }

    @FunctionalInterface
    private interface Reader {
        void read(PreparedStatement inserted) throws SQLException;
    }

    private <T> void insert(Handle handle, String sql, boolean key, List<T> rows, Binder<T> binder, Reader reader) {
        boolean executed = false;
        try (PreparedInsert prepared = PreparedInsert.on(handle.getConnection(), dialect, sql, key)) {
            PreparedStatement insert = prepared.statement();
            Watch watch = Watchdog.SHARED.watch(insert, longest(handle));
            boolean clean;
            try {
                execute(insert, rows, binder);
                executed = true;
                reader.read(insert);
            } finally {
                clean = watch.end();
            }
            if (clean) {
                prepared.done();
            }
        } catch (SQLException e) {
            throw new JdbcFailure(e, executed);
        }
    }

    /** By executeUpdate where no rows come back: for execute MySQL's driver asks the server each time whether the session may write. */
    private <T> void execute(PreparedStatement insert, List<T> rows, Binder<T> binder) throws SQLException {
        boolean batch = dialect.insertion() == Insertion.BATCH;
        int next = 1;
        for (T row : rows) {
            int after = binder.bind(insert, next, row);
            if (batch) {
                insert.addBatch();
            } else {
                next = after;
            }
        }
        if (batch) {
            insert.executeBatch();
        } else if (dialect.insertion() == Insertion.RETURNING) {
            insert.execute();
        } else {
            insert.executeUpdate();
        }
    }

    /** How long a statement may take; zero: as long as it takes. */
    private static Duration longest(Handle handle) {
        @Nullable Integer seconds = handle.getConfig(SqlStatements.class).getQueryTimeout();
        return seconds == null ? Duration.ZERO : Duration.ofSeconds(seconds);
    }

    private int bind(PreparedStatement insert, int first, LedgerRow row) throws SQLException {
        int next = first;
        bindValue(insert, next++, dialect.bind(row.id()));
        dialect.bindText(insert, next++, row.entity().name());
        dialect.bindText(insert, next++, row.entity().key());
        insert.setLong(next++, row.revision());
        Long prior = row.priorRevision();
        if (prior == null) {
            insert.setNull(next++, Types.BIGINT);
        } else {
            insert.setLong(next++, prior);
        }
        UUID previous = row.previousId();
        if (previous == null) {
            insert.setNull(next++, idType);
        } else {
            bindValue(insert, next++, dialect.bind(previous));
        }
        dialect.bindText(insert, next++, row.name());
        dialect.bindText(insert, next++, row.appendKey());
        insert.setInt(next++, row.appendIndex());
        bindJson(insert, next++, row.data());
        bindJson(insert, next++, row.metadata());
        return next;
    }

    private void bindValue(PreparedStatement insert, int parameter, Object value) throws SQLException {
        if (value instanceof String text) {
            dialect.bindText(insert, parameter, text);
        } else {
            insert.setObject(parameter, value);
        }
    }

    private void bindJson(PreparedStatement insert, int parameter, @Nullable String json) throws SQLException {
        if (json == null) {
            insert.setNull(parameter, Types.VARCHAR);
        } else {
            dialect.bind(insert, parameter, json);
        }
    }

    private int bind(PreparedStatement insert, int first, StoredEvent event) throws SQLException {
        insert.setLong(first, event.position());
        int next = bind(insert, first + 1, LedgerRow.of(event));
        bindValue(insert, next, dialect.bind(event.recordedAt()));
        return next + 1;
    }

    private int bind(PreparedStatement insert, int first, Ledger.Place place) throws SQLException {
        String key = "~void:" + place.position();
        insert.setLong(first, place.position());
        bindValue(insert, first + 1, dialect.bind(place.id()));
        dialect.bindText(insert, first + 2, key);
        dialect.bindText(insert, first + 3, key);
        return first + 4;
    }

    private static void noteKey(PreparedStatement inserted, UUID id, Map<UUID, Long> positions) throws SQLException {
        try (ResultSet keys = inserted.getGeneratedKeys()) {
            if (keys.next()) {
                long position = keys.getLong(1);
                if (!keys.wasNull()) {
                    positions.put(id, position);
                }
            }
        }
    }

    /** From all results: what comes before the insert has some without rows. */
    private void noteReturned(PreparedStatement inserted, Map<UUID, Long> positions) throws SQLException {
        do {
            try (@Nullable ResultSet rows = inserted.getResultSet()) {
                while (rows != null && rows.next()) {
                    positions.put(dialect.id(rows, 1), rows.getLong(2));
                }
            }
        } while (inserted.getMoreResults());
    }
}
