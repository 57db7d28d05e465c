package io.sqleventstore.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection while the store uses it for itself: in auto-commit mode, prepared, at the isolation level that the dialect wants. */
final class OwnSession {
    private static final Logger LOG = LoggerFactory.getLogger(OwnSession.class);

    private final Connection connection;
    private final Dialect dialect;
    private final boolean autoCommit;
    private int level = Connection.TRANSACTION_NONE;
    private int networkMillis = -1;
    private boolean waitsLess;

    private OwnSession(Connection connection, Dialect dialect, boolean autoCommit) {
        this.connection = connection;
        this.dialect = dialect;
        this.autoCommit = autoCommit;
    }

    /** Makes the connection the store's own until then; if that fails, it is as it was. */
    static OwnSession enter(Connection connection, Dialect dialect, Deadline deadline) throws SQLException {
        OwnSession session = new OwnSession(connection, dialect, connection.getAutoCommit());
        try {
            session.limitNetwork(deadline.networkMillis());
            session.prepare(deadline.waitMillis());
            return session;
        } catch (SQLException e) {
            session.leave();
            throw e;
        }
    }

    /** Unless the connection has a shorter limit, or its driver knows none. */
    private void limitNetwork(int millis) throws SQLException {
        try {
            int before = connection.getNetworkTimeout();
            if (millis > 0 && (before == 0 || before > millis)) {
                connection.setNetworkTimeout(Runnable::run, millis);
                networkMillis = before;
            }
        } catch (SQLFeatureNotSupportedException e) {
            LOG.trace("the driver has no limit for a silent network", e);
        }
    }

    private void prepare(int waitMillis) throws SQLException {
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
        waitsLess = true; // also where only a part of that is done
        waitsLess = dialect.prepare(connection, waitMillis);
        if (dialect.isolation() != Connection.TRANSACTION_NONE) {
            int before = connection.getTransactionIsolation();
            if (before != dialect.isolation()) {
                connection.setTransactionIsolation(dialect.isolation());
                level = before;
            }
        }
    }

    /**
     * Puts the level, the mode and the network's timeout back that the connection had, and lets its waits be as long as they should. What was found out or stored stands, also where that fails: then the session
     * is gone, or its pool will see to it.
     */
    void leave() {
        if (waitsLess) {
            quietly(() -> dialect.prepare(connection)); // the connection's next transaction may be a caller's
        }
        if (level != Connection.TRANSACTION_NONE) {
            quietly(() -> connection.setTransactionIsolation(level));
        }
        if (!autoCommit) {
            quietly(() -> connection.setAutoCommit(false));
        }
        if (networkMillis >= 0) {
            quietly(() -> connection.setNetworkTimeout(Runnable::run, networkMillis));
        }
    }

    /** A step of putting a session in order. */
    interface Step {
        void run() throws SQLException;
    }

    /** Takes that step, and lets nobody suffer from its failure. */
    static void quietly(Step step) {
        try {
            step.run();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a session could not be put in order", e);
        }
    }
}
