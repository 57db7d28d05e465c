package io.sqleventstore.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A statement that inserts once, and is kept for the next time if {@link Dialect#keepsInserts} has it so and nothing went wrong. */
final class PreparedInsert implements AutoCloseable {
    private static final String[] POSITION = {"position"};

    private final @Nullable Connection keeper;
    private final String sql;
    private final PreparedStatement statement;
    private boolean reusable;

    private PreparedInsert(@Nullable Connection keeper, String sql, PreparedStatement statement) {
        this.keeper = keeper;
        this.sql = sql;
        this.statement = statement;
    }

    /** On a connection; key: whether the driver is to tell the position that was drawn. */
    static PreparedInsert on(Connection connection, Dialect dialect, String sql, boolean key) throws SQLException {
        // in a transaction that JDBC knows of a pool has to see what is done, to roll it back if its user forgets
        @Nullable
        Connection keeper =
                connection.getAutoCommit() ? dialect.keepsInserts(connection).orElse(null) : null;
        @Nullable PreparedStatement kept = keeper == null ? null : KeptInserts.SHARED.take(keeper, sql);
        return new PreparedInsert(
                keeper, sql, kept != null ? kept : prepare(keeper == null ? connection : keeper, sql, key));
    }

    private static PreparedStatement prepare(Connection connection, String sql, boolean key) throws SQLException {
        return key ? connection.prepareStatement(sql, POSITION) : connection.prepareStatement(sql);
    }

    PreparedStatement statement() {
        return statement;
    }

    /** It has done what it should, and its results are read. */
    void done() {
        reusable = true;
    }

    @Override
    public void close() throws SQLException {
        if (keeper == null || !reusable) {
            statement.close();
        } else {
            keep(keeper);
        }
    }

    /** What it has stored stands, whatever becomes of it. */
    private void keep(Connection connection) {
        OwnSession.quietly(() -> {
            try {
                // the driver may have asked for them by itself, by a query that is open until then
                statement.getGeneratedKeys().close();
                statement.clearParameters();
            } catch (SQLException | RuntimeException e) {
                statement.close();
                throw e;
            }
            KeptInserts.SHARED.keep(connection, sql, statement);
        });
    }
}
