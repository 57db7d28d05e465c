package io.sqleventstore.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** The isolation level of a connection while the store uses it for itself. */
final class OwnLevel {
    private final Connection connection;
    private final int before;
    private final boolean changed;

    private OwnLevel(Connection connection, int before, boolean changed) {
        this.connection = connection;
        this.before = before;
        this.changed = changed;
    }

    /** Sets the level that the dialect wants, if it wants one that the connection doesn't have. */
    static OwnLevel enter(Connection connection, Dialect dialect) throws SQLException {
        if (dialect.isolation() == Connection.TRANSACTION_NONE) {
            return new OwnLevel(connection, Connection.TRANSACTION_NONE, false);
        }
        int before = connection.getTransactionIsolation();
        boolean changes = before != dialect.isolation();
        if (changes) {
            connection.setTransactionIsolation(dialect.isolation());
        }
        return new OwnLevel(connection, before, changes);
    }

    /** Puts the level back that the connection had. */
    void leave() throws SQLException {
        if (changed) {
            connection.setTransactionIsolation(before);
        }
    }
}
