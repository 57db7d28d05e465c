package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.rules.Judgement.Refused;
import io.sqleventstore.rules.Judgement.Repeated;
import io.sqleventstore.rules.Judgement.Verdict;
import io.sqleventstore.rules.LedgerRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Runs every piece of work in the caller's transaction, behind a savepoint, and never commits or rolls it back. What the
 * transaction's own snapshot doesn't show can't be found out here; then the caller has to start again.
 */
final class JoinedAccess implements Access {
    private static final int ATTEMPTS = 4;

    private final Handle handle;
    private final Dialect dialect;
    private final Ledger ledger;

    JoinedAccess(Handle handle, Dialect dialect, Ledger ledger) {
        this.handle = handle;
        this.dialect = dialect;
        this.ledger = ledger;
    }

    /** Checks that the connection can keep the contract. */
    void check() {
        try {
            if (handle.getConnection().getAutoCommit()) {
                throw new IllegalStateException(
                        "The connection is in auto-commit mode; begin a transaction (setAutoCommit(false)) before the store joins it.");
            }
            dialect.checkSession(handle.getConnection());
        } catch (SQLException e) {
            throw DatabaseFault.explained(dialect, e, "The store can't join this connection");
        }
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return write(work);
    }

    @Override
    public <T> T readAtLength(Function<Handle, T> work) {
        return write(work);
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        try {
            return behindSavepoint(work);
        } catch (DatabaseFault first) {
            if (!first.fault().isRefusal()) {
                throw toException(first);
            }
            return secondTime(work);
        }
    }

    /** What is refused again is hidden from this transaction. */
    private <T> T secondTime(Function<Handle, T> work) {
        try {
            return behindSavepoint(work);
        } catch (DatabaseFault second) {
            throw second.fault().isRefusal() ? mustRestart(second) : toException(second);
        }
    }

    @Override
    public AppendResult append(Append append) {
        checkView(append);
        List<LedgerRow> rows = ledger.rows(append);
        for (int attempt = 1; ; attempt++) {
            try {
                return behindSavepoint(handle -> ledger.store(handle, append, rows));
            } catch (DatabaseFault refusal) {
                if (!refusal.fault().isRefusal()) {
                    throw toException(refusal);
                }
                Verdict verdict = judge(append);
                if (verdict instanceof Repeated repeated) {
                    return repeated.original();
                } else if (verdict instanceof Refused refused) {
                    throw isBeyondTheView(refused.reason()) ? mustRestart(refusal) : refused.reason();
                }
                giveUp(refusal, attempt);
            }
        }
    }

    /** Why it was refused; where that can't be found out, it may have been for its key, so that the append is stored already. */
    private Verdict judge(Append append) {
        try {
            return behindSavepoint(handle -> ledger.judge(handle, append));
        } catch (DatabaseFault fault) {
            throw toException(fault.unjudged());
        }
    }

    /** A database may take an event after one that the transaction can't see; then what it replays would have a hole. */
    private void checkView(Append append) {
        if (dialect.refersToHiddenRows()
                && showsAnOldState()
                && read(handle -> ledger.isBeyondTheView(handle, append))) {
            throw new TransactionMustRestart(
                    "The transaction shows a state that is older than the head to append after; roll it back and repeat it whole.",
                    null);
        }
    }

    private boolean showsAnOldState() {
        try {
            return dialect.showsAnOldState(handle.getConnection());
        } catch (SQLException e) {
            throw toException((DatabaseFault) DatabaseFault.of(dialect, e, DatabaseFault.Stage.BEFORE_COMMIT));
        }
    }

    /** Unless a position was made void, or was drawn before its predecessor's, so that the next one may do; whatever is refused again and again is hidden from this transaction. */
    private void giveUp(DatabaseFault refusal, int attempt) {
        if (attempt < ATTEMPTS) {
            return;
        }
        if (read(handle -> ledger.generatorIsBehind(handle, ledger.lastVisible(handle)))) {
            throw SqlSchema.generatorBehind();
        }
        throw refusal.fault() == Fault.CHECK ? toException(refusal) : mustRestart(refusal);
    }

    /** Whether the append names a head that the transaction's snapshot may be too old to show. */
    private boolean isBeyondTheView(EventStoreException reason) {
        return reason instanceof StaleAppend stale
                && stale.expected().revision() > stale.current().revision()
                && showsAnOldState();
    }

    /** Settles nothing: the transaction shows what its own view shows, and settling would need a second connection. */
    @Override
    public long settleAll(long first, long to) {
        return Math.min(to, read(ledger::lastVisible));
    }

    @Override
    public Tail tail(Selection selection, Cursor from, TailOptions options) {
        throw new IllegalStateException("A joined transaction can't follow the ledger; use the store itself.");
    }

    private <T> T behindSavepoint(Function<Handle, T> work) {
        Connection connection = handle.getConnection();
        try {
            Savepoint savepoint = connection.setSavepoint();
            try {
                T result = work.apply(handle);
                dialect.release(connection, savepoint);
                return result;
            } catch (RuntimeException | SQLException | Error e) {
                if (!rollBack(connection, savepoint, e)) {
                    throw gone(e);
                }
                throw e;
            }
        } catch (RuntimeException | SQLException e) {
            throw DatabaseFault.of(dialect, e, DatabaseFault.Stage.BEFORE_COMMIT);
        }
    }

    /** Whether the transaction is as it was before the work. */
    private boolean rollBack(Connection connection, Savepoint savepoint, Throwable reason) {
        try {
            dialect.rollback(connection, savepoint);
            dialect.release(connection, savepoint);
            return true;
        } catch (SQLException e) {
            reason.addSuppressed(e);
            return false;
        }
    }

    /** The database ended the transaction: what the caller did before is lost as well, so nothing can be found out any more. */
    private RuntimeException gone(Throwable reason) {
        RuntimeException fault = DatabaseFault.of(dialect, reason, DatabaseFault.Stage.BEFORE_COMMIT);
        return fault instanceof DatabaseFault refusal && refusal.fault() != Fault.UNAVAILABLE
                ? refusal.retryable()
                : fault;
    }

    private static RuntimeException toException(DatabaseFault fault) {
        return fault.fault() == Fault.RETRYABLE
                ? mustRestart(fault)
                : fault.toException(fault.leavesOutcomeUnknown(), 1);
    }

    private static TransactionMustRestart mustRestart(DatabaseFault fault) {
        return new TransactionMustRestart(
                "The transaction can't see or can't get past a concurrent change; roll it back and repeat it whole.",
                fault.sql());
    }
}
