package io.sqleventstore.rivals;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.ConnectionWrapperFactory;
import org.axonframework.common.jdbc.ConnectionWrapperFactory.NoOpCloseHandler;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;

/** A transaction for each call of the engine, on its thread's connection, as Spring's would be. */
final class JdbcTransactions implements TransactionManager, ConnectionProvider {
    private final DataSource pool;

    @SuppressWarnings("ThreadLocalUsage") // of this store; there are few in a JVM
    private final ThreadLocal<@Nullable Connection> current = new ThreadLocal<>();

    JdbcTransactions(DataSource pool) {
        this.pool = pool;
    }

    /** The transaction's own connection, which stays open when the engine closes it. */
    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = current.get();
        return connection == null
                ? pool.getConnection()
                : ConnectionWrapperFactory.wrap(connection, new NoOpCloseHandler());
    }

    @Override
    public Transaction startTransaction() {
        if (current.get() != null) {
            throw new IllegalStateException("A transaction is open already.");
        }
        try {
            Connection connection = pool.getConnection();
            current.set(connection);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new EventStoreException("No transaction begins.", e);
        }
        return new Transaction() {
            @Override
            public void commit() {
                end(Connection::commit);
            }

            @Override
            public void rollback() {
                if (current.get() != null) {
                    end(Connection::rollback);
                }
            }
        };
    }

    private interface End {
        void of(Connection connection) throws SQLException;
    }

    private void end(End end) {
        try (Connection connection = Objects.requireNonNull(current.get())) {
            current.remove();
            end.of(connection);
        } catch (SQLException e) {
            throw new EventStoreException("The transaction doesn't end.", e);
        }
    }
}
