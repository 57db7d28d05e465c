package io.sqleventstore.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inserts that stay prepared on the drivers' connections between two transactions, where {@link Dialect#keepsInserts} has it so: a few for each of
 * a few connections, by their text. Who takes one has it alone. What was prepared on a connection that is closed is forgotten when the next
 * connection comes. Safe for use by many threads.
 */
final class KeptInserts {
    static final int CONNECTIONS = 32;
    static final int STATEMENTS = 32;

    /** Of all texts of a connection: a statement takes memory by its rows, as its text does. */
    static final int CHARACTERS = 64 * 1024;

    /** For all stores of this JVM: one for each would leave statements behind on connections that outlive the store. */
    static final KeptInserts SHARED = new KeptInserts();

    private final IdentityHashMap<Connection, Map<String, PreparedStatement>> kept = new IdentityHashMap<>();

    /** Takes one out, if there is one. */
    synchronized @Nullable PreparedStatement take(Connection connection, String sql) {
        Map<String, PreparedStatement> its = kept.get(connection);
        return its == null ? null : its.remove(sql);
    }

    /** Keeps one that is ready for its next use; where there is no room, those of its connection that were not used for the longest time are closed, or it is. */
    void keep(Connection connection, String sql, PreparedStatement statement) {
        put(connection, sql, statement).forEach(surplus -> OwnSession.quietly(surplus::close));
    }

    /** Returns what there is no room for. */
    private synchronized List<PreparedStatement> put(Connection connection, String sql, PreparedStatement statement) {
        if (!kept.containsKey(connection)) {
            kept.keySet().removeIf(KeptInserts::isClosed);
        }
        boolean room = kept.containsKey(connection) || kept.size() < CONNECTIONS;
        if (!room || sql.length() > CHARACTERS) {
            return List.of(statement);
        }
        Map<String, PreparedStatement> its = kept.computeIfAbsent(connection, first -> new LinkedHashMap<>());
        List<PreparedStatement> surplus = new ArrayList<>();
        @Nullable
        PreparedStatement same = its.put(sql, statement); // one that was taken out and is put back is the last
        if (same != null) {
            surplus.add(same);
        }
        while (its.size() > STATEMENTS || characters(its) > CHARACTERS) {
            surplus.add(its.remove(its.keySet().iterator().next()));
        }
        return surplus;
    }

    private static int characters(Map<String, PreparedStatement> statements) {
        return statements.keySet().stream().mapToInt(String::length).sum();
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true; // of no use any more
        }
    }

    /** How many connections have some. */
    synchronized int connections() {
        return kept.size();
    }
}
