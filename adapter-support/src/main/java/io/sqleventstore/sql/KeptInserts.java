package io.sqleventstore.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inserts that stay prepared on the drivers' connections between two transactions, where {@link Dialect#keepsInserts} has it so: a few for each of
 * a few connections, by their text. Who takes one has it alone. What was prepared on a connection that is closed is forgotten when the next
 * connection comes.
 */
final class KeptInserts {
    static final int CONNECTIONS = 64;
    static final int STATEMENTS = 32;

    /** For all stores of this JVM: one for each would leave statements behind on connections that outlive the store. */
    static final KeptInserts SHARED = new KeptInserts();

    private final IdentityHashMap<Connection, Map<String, PreparedStatement>> kept = new IdentityHashMap<>();

    /** Takes one out, if there is one. */
    synchronized @Nullable PreparedStatement take(Connection connection, String sql) {
        Map<String, PreparedStatement> its = kept.get(connection);
        return its == null ? null : its.remove(sql);
    }

    /** Keeps one that is ready for its next use; if there is no room, another one or this one is closed. */
    void keep(Connection connection, String sql, PreparedStatement statement) throws SQLException {
        @Nullable PreparedStatement surplus = put(connection, sql, statement);
        if (surplus != null) {
            surplus.close();
        }
    }

    /** Returns what there is no room for: of a connection's the one that was not used for the longest time. */
    private synchronized @Nullable PreparedStatement put(Connection connection, String sql, PreparedStatement statement)
            throws SQLException {
        if (!kept.containsKey(connection)) {
            forgetClosed();
            if (kept.size() == CONNECTIONS) {
                return statement;
            }
            kept.put(connection, new LinkedHashMap<>());
        }
        Map<String, PreparedStatement> its = kept.get(connection);
        @Nullable PreparedStatement same = its.put(sql, statement);
        return its.size() > STATEMENTS ? its.remove(its.keySet().iterator().next()) : same;
    }

    private void forgetClosed() throws SQLException {
        for (Connection each : kept.keySet().toArray(new Connection[0])) {
            if (each.isClosed()) {
                kept.remove(each);
            }
        }
    }

    /** How many connections have some. */
    synchronized int connections() {
        return kept.size();
    }
}
