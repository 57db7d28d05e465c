package com.example.h2;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.h2.api.Trigger;

/**
 * Is called before each row of the ledger. H2 makes it by its name, so it is public. It refuses nothing that the constraints allow to those
 * who may append; it sees to three things that H2's constraints can't:
 *
 * <ul>
 *   <li>A writer that meets another's uncommitted unique value doesn't wait in H2 but tries again at full speed, and every time draws a
 *       position: thousands a second. So writers of the same entity, append key or event id take turns before that, at a row of the table
 *       {@code event_turn}, where H2 does wait.
 *   <li>That needs the right to insert there, which followers don't have: so they can't insert into the ledger but through {@link
 *       VoidInsert}.
 *   <li>At READ UNCOMMITTED H2's foreign keys are content with a row that is not committed, and may never be. There the rows that are
 *       referred to are locked, which waits for their fate.
 * </ul>
 */
public final class InsertGuard implements Trigger {
    private static final int EVENT_ID = 1;
    private static final int ENTITY = 2;
    private static final int ENTITY_KEY = 3;
    private static final int PRIOR_REVISION = 5;
    private static final int EVENT = 7;
    private static final int APPEND_KEY = 8;

    private static final ThreadLocal<Boolean> VOIDS = ThreadLocal.withInitial(() -> false);

    private String takeTurns = "";
    private String giveBack = "";
    private String lockPrevious = "";
    private String lockRegistered = "";

    /** For H2. */
    public InsertGuard() {}

    /** What {@link VoidInsert} does. */
    interface Insert {
        void run() throws SQLException;
    }

    /** Lets this thread insert voids, and nothing else, without a turn. */
    static void voidsOnly(Insert insert) throws SQLException {
        VOIDS.set(true);
        try {
            insert.run();
        } finally {
            VOIDS.remove();
        }
    }

    @Override
    public void init(Connection connection, String schema, String trigger, String table, boolean before, int type) {
        String ledger = quoted(schema) + "." + quoted(table);
        String turn = sibling(schema, table, "LEDGER", "TURN");
        takeTurns = "INSERT INTO " + turn + " (id) VALUES (?), (?), (?)";
        giveBack = "DELETE FROM " + turn + " WHERE id IN (?, ?, ?)";
        lockPrevious = "SELECT 1 FROM " + ledger + " WHERE entity = ? AND entity_key = ? AND revision = ? FOR UPDATE";
        lockRegistered = "SELECT 1 FROM " + sibling(schema, table, "LEDGER", "REGISTRY")
                + " WHERE entity = ? AND event = ? FOR UPDATE";
    }

    /** The table whose name differs only in its last word, quoted. */
    static String sibling(String schema, String table, String word, String other) {
        return quoted(schema) + "." + quoted(table.substring(0, table.length() - word.length()) + other);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public void fire(Connection connection, Object[] before, Object[] row) throws SQLException {
        if (VOIDS.get()) {
            if (!"~void".equals(row[ENTITY])) {
                throw new SQLException("event_void takes voids only", "44000");
            }
            return;
        }
        Object[] turns = {
            turn("entity", row[ENTITY], row[ENTITY_KEY]), turn("append", row[APPEND_KEY], ""), turn("id", row[EVENT_ID], "")
        };
        java.util.Arrays.sort(turns);
        execute(connection, takeTurns, turns);
        execute(connection, giveBack, turns); // the rows are gone, but locked until the transaction ends
        if (connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
            execute(connection, lockRegistered, row[ENTITY], row[EVENT]);
            execute(connection, lockPrevious, row[ENTITY], row[ENTITY_KEY], row[PRIOR_REVISION]);
        }
    }

    /** A negative number that two different texts hardly ever share; if they do, one waits for the other in vain. */
    private static Object turn(String what, Object one, Object two) {
        byte[] text = (what + '\0' + one + '\0' + two).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(text).getMostSignificantBits() | Long.MIN_VALUE;
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }
}
