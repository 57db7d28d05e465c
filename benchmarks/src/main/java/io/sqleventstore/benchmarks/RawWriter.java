package io.sqleventstore.benchmarks;

import com.github.f4b6a3.uuid.UuidCreator;
import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Sends the statement that the library sends, by hand and in auto-commit mode: what nobody who uses JDBC can undercut. */
final class RawWriter implements Writer {
    private static final Pattern ROWS = Pattern.compile("\\{rows:(.*?)}", Pattern.DOTALL);
    private static final String TABLE = "{p}event_ledger";

    private final DataSource connections;
    private final Dialect dialect;
    private final String sql;
    private final String key = "raw-" + UUID.randomUUID();
    private long revision;
    private @Nullable UUID previous;

    /** With {@link #sql}. */
    RawWriter(DataSource connections, Dialect dialect, String sql) {
        this.connections = connections;
        this.dialect = dialect;
        this.sql = sql;
    }

    /** The dialect's insert of one row into that table. */
    static String sql(Dialect dialect, String table) {
        String sql = dialect.sql("append").strip();
        Matcher rows = ROWS.matcher(sql);
        if (!sql.contains(TABLE) || !rows.find()) {
            throw new IllegalStateException("append.sql of '" + dialect.name() + "' is not what it used to be.");
        }
        return rows.replaceAll("$1").replace(TABLE, table);
    }

    @Override
    public void append() throws SQLException {
        UUID id = UuidCreator.getTimeOrderedEpochPlus1();
        try (Connection connection = connections.getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            bind(insert, id);
            if (insert.execute()) {
                readPosition(insert);
            }
        }
        revision++;
        previous = id;
    }

    private void bind(PreparedStatement insert, UUID id) throws SQLException {
        insert.setObject(1, dialect.bind(id));
        insert.setString(2, Place.ENTITY);
        insert.setString(3, key);
        insert.setLong(4, revision + 1);
        if (previous == null) {
            insert.setNull(5, Types.BIGINT);
            insert.setNull(6, dialect.bind(id) instanceof byte[] ? Types.VARBINARY : Types.OTHER);
        } else {
            insert.setLong(5, revision);
            insert.setObject(6, dialect.bind(previous));
        }
        insert.setString(7, Place.EVENT);
        insert.setString(8, UuidCreator.getTimeOrderedEpochPlus1().toString());
        insert.setInt(9, 0);
        insert.setString(10, DATA);
        insert.setNull(11, Types.VARCHAR);
    }

    private static void readPosition(PreparedStatement insert) throws SQLException {
        try (ResultSet row = insert.getResultSet()) {
            if (!row.next() || row.getLong(2) < 1) {
                throw new IllegalStateException("The insert returned no position.");
            }
        }
    }
}
