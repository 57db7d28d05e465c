package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.rules.Judgement.Refused;
import io.sqleventstore.rules.Judgement.Repeated;
import io.sqleventstore.rules.Judgement.Verdict;
import io.sqleventstore.rules.LedgerRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each piece of work on a connection from the data source, in a transaction of its own, with bounded retries. */
final class OwnAccess implements Access {
    private static final Logger LOG = LoggerFactory.getLogger(OwnAccess.class);
    private static final int LONGEST_PAUSE_MILLIS = 100;

    private final Jdbi jdbi;
    private final Dialect dialect;
    private final Ledger ledger;
    private final int maxAttempts;

    OwnAccess(Jdbi jdbi, Dialect dialect, Ledger ledger, int maxAttempts) {
        this.jdbi = jdbi;
        this.dialect = dialect;
        this.ledger = ledger;
        this.maxAttempts = maxAttempts;
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return retry(() -> transact(work, false), false);
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        return retry(() -> transact(work, true), true);
    }

    @Override
    public AppendResult append(Append append) {
        List<LedgerRow> rows = ledger.rows(append);
        return retry(() -> storeOrJudge(append, rows), true);
    }

    private AppendResult storeOrJudge(Append append, List<LedgerRow> rows) {
        try {
            return transact(handle -> ledger.store(handle, append, rows), true);
        } catch (DatabaseFault refusal) {
            if (!refusal.fault().isRefusal()) {
                throw refusal;
            }
            Verdict verdict = transact(handle -> ledger.judge(handle, append), false);
            if (verdict instanceof Repeated repeated) {
                return repeated.original();
            } else if (verdict instanceof Refused refused) {
                throw refused.reason();
            }
            throw refusal;
        }
    }

    /** Tries again what may succeed then; a refusal only where somebody else's transaction may have been the reason. */
    private <T> T retry(Supplier<T> attempt, boolean refusalsToo) {
        boolean outcomeUnknown = false;
        for (int number = 1; ; number++) {
            try {
                return attempt.get();
            } catch (ConnectionException e) {
                throw new StoreUnavailable("No connection to the database.", outcomeUnknown, e.getCause());
            } catch (DatabaseFault fault) {
                outcomeUnknown |= fault.leavesOutcomeUnknown();
                boolean again = switch (fault.fault()) {
                    case RETRYABLE, UNAVAILABLE -> true;
                    case UNIQUE, FOREIGN_KEY -> refusalsToo;
                    case CHECK, OTHER -> false;
                };
                if (!again || number >= maxAttempts) {
                    throw fault.toException(outcomeUnknown, number);
                }
                LOG.debug(
                        "attempt {} met {} (SQLState {}), trying again",
                        number,
                        fault.fault(),
                        fault.sql().getSQLState());
                pause(number, outcomeUnknown);
            }
        }
    }

    private <T> T transact(Function<Handle, T> work, boolean writing) {
        Handle handle = open();
        try {
            return transact(handle, work, writing);
        } finally {
            close(handle);
        }
    }

    private <T> T transact(Handle handle, Function<Handle, T> work, boolean writing) {
        Connection connection = handle.getConnection();
        boolean committing = false;
        try {
            connection.setAutoCommit(true);
            dialect.prepare(connection);
            dialect.begin(connection, writing);
            T result = work.apply(handle);
            if (writing) {
                committing = true;
                dialect.commit(connection);
            } else {
                dialect.rollback(connection);
            }
            return result;
        } catch (RuntimeException | SQLException e) {
            rollBack(connection, e);
            throw DatabaseFault.of(dialect, e, committing);
        }
    }

    private Handle open() {
        try {
            return jdbi.open();
        } catch (ConnectionException e) {
            throw e; // none to be had
        } catch (JdbiException e) {
            throw DatabaseFault.of(dialect, e, false); // one that was lost at once
        }
    }

    /** What was found out or stored stands, also where the connection can't be given back in good order. */
    private static void close(Handle handle) {
        try {
            handle.close();
        } catch (JdbiException e) {
            LOG.debug("a connection could not be closed", e);
        }
    }

    private void rollBack(Connection connection, Exception reason) {
        try {
            dialect.rollback(connection);
        } catch (SQLException e) {
            reason.addSuppressed(e); // nothing to roll back, or the connection is gone
        }
    }

    private static void pause(int attempt, boolean outcomeUnknown) {
        int longest = Math.min(LONGEST_PAUSE_MILLIS, 1 << Math.min(attempt, 10));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(
                    "Interrupted between two attempts; repeat the call with its key.", outcomeUnknown, e);
        }
    }
}
