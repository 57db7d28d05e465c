package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.rules.Judgement.Refused;
import io.sqleventstore.rules.Judgement.Repeated;
import io.sqleventstore.rules.Judgement.Verdict;
import io.sqleventstore.rules.LedgerRow;
import io.sqleventstore.sql.DatabaseFault.Stage;
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
import org.jdbi.v3.core.statement.SqlStatements;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each piece of work on a connection from the data source, in a transaction of its own, with bounded retries. */
final class OwnAccess implements Access {
    private static final Logger LOG = LoggerFactory.getLogger(OwnAccess.class);
    private static final int LONGEST_PAUSE_MILLIS = 100;
    private static final int CLASHES_TO_WONDER = 4;
    private static final int GATED_LOCK_MILLIS = 1_000;

    private final Jdbi jdbi;
    private final Dialect dialect;
    private final Ledger ledger;
    private final int maxAttempts;
    private final Settler settler;

    OwnAccess(Jdbi jdbi, Dialect dialect, Ledger ledger, StoreOptions options) {
        this.jdbi = jdbi;
        this.dialect = dialect;
        this.ledger = ledger;
        this.maxAttempts = options.maxAttempts();
        this.settler = new Settler(this, ledger, options.patience());
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return retry(() -> transact(work, Purpose.READ), false);
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        return retry(() -> transact(work, Purpose.WRITE), true);
    }

    @Override
    public long lastPosition() {
        return read(ledger::lastPosition);
    }

    @Override
    public AppendResult append(Append append) {
        List<LedgerRow> rows = ledger.rows(append);
        Course course = new Course();
        return retry(() -> storeOrJudge(append, rows, course), false);
    }

    @Override
    public void settleTo(long last) {
        settler.settleTo(last);
    }

    @Override
    public Tail tail(Selection selection, Cursor from, TailOptions options) {
        return new SqlTail(this, ledger, settler, selection, from, options);
    }

    /** Makes these positions void in one short transaction, once; what stands in the way is thrown as a {@link DatabaseFault}. */
    void fence(List<Long> positions) {
        transact(
                handle -> {
                    ledger.gate(handle);
                    ledger.fence(handle, positions);
                    return true;
                },
                Purpose.FENCE);
    }

    /** Those of these positions whose writer, if it has one, has not inserted its row yet; all of them where that can't be seen. */
    List<Long> unclaimed(List<Long> positions) {
        return dialect.seeingUncommitted()
                .map(sql -> transact(
                        handle -> {
                            handle.execute(sql);
                            return ledger.missingOf(handle, positions);
                        },
                        Purpose.GLIMPSE))
                .orElse(positions);
    }

    /** What the attempts of an append have met so far. */
    private static final class Course {
        private int clashes;
        private boolean lostPosition;

        /** Whether the next attempt keeps others from making its positions void: not one that has just waited in vain while it did. */
        boolean takesGate() {
            boolean takes = lostPosition;
            lostPosition = false;
            return takes;
        }

        void lostPosition() {
            clashes++;
            lostPosition = true;
        }
    }

    private AppendResult storeOrJudge(Append append, List<LedgerRow> rows, Course course) {
        boolean gated = course.takesGate();
        boolean oneStatement = !gated
                && ledger.statements(rows).size() == 1
                && dialect.insertion().tells(rows.size())
                && dialect.refusesDescendingPositions();
        Purpose purpose = gated ? Purpose.GATED : oneStatement ? Purpose.ONE_STATEMENT : Purpose.WRITE;
        try {
            return transact(handle -> store(handle, append, rows, gated), purpose);
        } catch (DatabaseFault refusal) {
            if (!refusal.fault().isRefusal()) {
                throw refusal;
            }
            Verdict verdict = transact(handle -> ledger.judge(handle, append), Purpose.READ);
            if (verdict instanceof Repeated repeated) {
                return repeated.original();
            } else if (verdict instanceof Refused refused) {
                throw refused.reason();
            }
            course.lostPosition(); // made void, or drawn before its predecessor's; again and again is another matter
            boolean wonders = course.clashes >= Math.min(CLASHES_TO_WONDER, maxAttempts);
            if (wonders
                    && transact(
                            handle -> ledger.generatorIsBehind(handle, ledger.lastPosition(handle)), Purpose.READ)) {
                throw SqlSchema.generatorBehind();
            }
            throw wonders && refusal.fault() == Fault.CHECK ? refusal : refusal.retryable();
        }
    }

    private AppendResult store(Handle handle, Append append, List<LedgerRow> rows, boolean gated) {
        if (gated) {
            ledger.gate(handle);
        }
        return ledger.store(handle, append, rows);
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

    /** What a transaction is for. */
    private enum Purpose {
        READ,
        WRITE,
        /** A write of one statement, which is a transaction by itself. */
        ONE_STATEMENT,
        /** A write that holds the gate, so that its positions are not made void before its large events are there. */
        GATED,
        FENCE,
        /** One query that also sees what others have not committed. */
        GLIMPSE
    }

    private <T> T transact(Function<Handle, T> work, Purpose purpose) {
        Handle handle = open();
        try {
            return transact(handle, work, purpose);
        } finally {
            close(handle);
        }
    }

    private <T> T transact(Handle handle, Function<Handle, T> work, Purpose purpose) {
        OwnSession session;
        try {
            session = OwnSession.enter(handle.getConnection(), dialect);
        } catch (SQLException e) {
            throw DatabaseFault.of(dialect, e, Stage.BEFORE_COMMIT);
        }
        try {
            return inSession(handle, work, purpose);
        } finally {
            session.leave();
        }
    }

    private <T> T inSession(Handle handle, Function<Handle, T> work, Purpose purpose) {
        Connection connection = handle.getConnection();
        Stage stage = Stage.BEFORE_COMMIT;
        try {
            begin(handle, purpose);
            stage = purpose == Purpose.ONE_STATEMENT ? Stage.ONE_STATEMENT : stage;
            T result = work.apply(handle);
            stage = purpose == Purpose.WRITE || purpose == Purpose.GATED ? Stage.COMMIT : stage;
            end(connection, purpose);
            return result;
        } catch (RuntimeException | SQLException e) {
            rollBack(connection, e);
            throw DatabaseFault.of(dialect, e, stage);
        } catch (Error e) {
            rollBack(connection, e); // the connection may serve others, whatever becomes of this thread
            throw e;
        } finally {
            if (purpose == Purpose.GATED || purpose == Purpose.FENCE) {
                OwnSession.quietly(() -> dialect.endBrief(connection));
            }
        }
    }

    private Handle open() {
        try {
            return jdbi.open();
        } catch (ConnectionException e) {
            throw e; // none to be had
        } catch (JdbiException e) {
            throw DatabaseFault.of(dialect, e, Stage.BEFORE_COMMIT); // one that was lost at once
        }
    }

    /** What was found out or stored stands, also where the connection can't be given back in good order. */
    private static void close(Handle handle) {
        try {
            handle.close();
        } catch (RuntimeException e) {
            LOG.debug("a connection could not be closed", e);
        }
    }

    private void begin(Handle handle, Purpose purpose) throws SQLException {
        switch (purpose) {
            case READ -> dialect.begin(handle.getConnection(), false);
            case WRITE -> dialect.begin(handle.getConnection(), true);
            case GATED -> beginBrief(handle, GATED_LOCK_MILLIS);
            case FENCE -> beginBrief(handle, Settler.LOCK_MILLIS);
            case ONE_STATEMENT, GLIMPSE -> {}
        }
    }

    private void beginBrief(Handle handle, int lockMillis) throws SQLException {
        dialect.beginBrief(handle.getConnection(), lockMillis);
        int seconds = dialect.statementSeconds(lockMillis);
        if (seconds > 0) {
            handle.getConfig(SqlStatements.class).setQueryTimeout(seconds); // the handle is this transaction's only
        }
    }

    private void end(Connection connection, Purpose purpose) throws SQLException {
        switch (purpose) {
            case READ -> dialect.rollback(connection);
            case WRITE, GATED, FENCE -> dialect.commit(connection);
            case ONE_STATEMENT, GLIMPSE -> {}
        }
    }

    private void rollBack(Connection connection, Throwable reason) {
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
