package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.LedgerDamaged;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.rules.Judgement.Refused;
import io.sqleventstore.rules.Judgement.Repeated;
import io.sqleventstore.rules.Judgement.Verdict;
import io.sqleventstore.rules.LedgerRow;
import io.sqleventstore.sql.DatabaseFault.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
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

    /** A write that is refused so often is not refused for somebody's open transaction. */
    private static final int REFUSALS = 10;

    private static final int GATED_LOCK_MILLIS = 1_000;

    /** After which few appends don't wait any more until they are as many as are being stored. */
    private static final Duration USUAL = Duration.ofMillis(10);

    /** After which others store what waits behind an append that takes so long. */
    private static final Duration TAKEOVER = Duration.ofMillis(100);

    private final Jdbi jdbi;
    private final Dialect dialect;
    private final Ledger ledger;
    private final int maxAttempts;
    private final Duration timeout;
    private final Settler settler;
    private final GroupCommit groups;
    private final Backoff backoff = new Backoff();

    OwnAccess(Jdbi jdbi, Dialect dialect, Ledger ledger, StoreOptions options) {
        this.jdbi = jdbi;
        this.dialect = dialect;
        this.ledger = ledger;
        this.maxAttempts = options.maxAttempts();
        this.timeout = options.timeout();
        this.settler = new Settler(this, ledger, options.patience());
        this.groups = groups(options.appendsPerCommit());
    }

    private GroupCommit groups(int wanted) {
        int appends = wanted == 0 ? dialect.appendsPerCommit() : wanted;
        int places = dialect.commitsAtOnce();
        if (appends < 1 || appends > GroupCommit.MOST_APPENDS || places < 1) {
            throw new IllegalArgumentException(
                    "The dialect %s has %d appends per commit and %d commits at once; these have to be 1 to %d, and 1 or more."
                            .formatted(dialect.name(), appends, places, GroupCommit.MOST_APPENDS));
        }
        return new GroupCommit(appends, dialect.rowsPerInsert(), places, USUAL, TAKEOVER, new Appends());
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return retry(deadline -> transact(work, Purpose.READ, deadline), false, Deadline.after(timeout));
    }

    @Override
    public <T> T readAtLength(Function<Handle, T> work) {
        return retry(deadline -> transact(work, Purpose.READ, deadline), false, Deadline.NEVER);
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        return retry(deadline -> transact(work, Purpose.WRITE, deadline), true, Deadline.after(timeout));
    }

    @Override
    public AppendResult append(Append append) {
        return groups.append(new Draft(append, ledger.rows(append)), Deadline.after(timeout));
    }

    /** Appends in transactions of their own, or in one together. */
    private final class Appends implements GroupCommit.Storage {
        @Override
        public List<AppendResult> together(List<Draft> drafts, Deadline deadline) {
            List<LedgerRow> rows = Ledger.inOrder(drafts);
            boolean brief = ledger.isOneBriefStatement(rows);
            Purpose purpose = brief ? Purpose.ONE_STATEMENT : Purpose.GROUP;
            try {
                return transact(handle -> ledger.store(handle, rows, drafts, brief), purpose, deadline);
            } catch (StoreFailure e) {
                throw brief ? DatabaseFault.lost(e) : e; // it is committed, and some rows are not there
            }
        }

        @Override
        public AppendResult alone(Draft draft, Deadline deadline, boolean unknown, boolean inTheWay) {
            Course course = new Course(inTheWay);
            return retry(its -> storeOrJudge(draft.append(), draft.rows(), course, its), false, deadline, unknown);
        }
    }

    @Override
    public long settleAll(long first, long to) {
        return settler.settleAll(first, to);
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
                Purpose.FENCE,
                Deadline.after(timeout));
    }

    /** Those of these positions whose writer, if it has one, has not inserted its row yet; all of them where that can't be seen. */
    List<Long> unclaimed(List<Long> positions) {
        return dialect.seeingUncommitted()
                .map(sql -> transact(
                        handle -> {
                            handle.execute(sql);
                            return ledger.missingOf(handle, positions);
                        },
                        Purpose.GLIMPSE,
                        Deadline.after(timeout)))
                .orElse(positions);
    }

    /** What the attempts of an append have met so far. */
    private static final class Course {
        private final boolean inTheWay;
        private int clashes;
        private boolean lostPosition;

        /** Of one that others wait for, or not. */
        Course(boolean inTheWay) {
            this.inTheWay = inTheWay;
        }

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

    private AppendResult storeOrJudge(Append append, List<LedgerRow> rows, Course course, Deadline deadline) {
        boolean gated = course.takesGate();
        boolean oneStatement = !gated && ledger.isOneStatement(rows);
        Purpose purpose = gated ? Purpose.GATED : oneStatement ? Purpose.ONE_STATEMENT : Purpose.WRITE;
        try {
            return transact(handle -> store(handle, append, rows, gated), purpose, deadline);
        } catch (DatabaseFault refusal) {
            if (!refusal.fault().isRefusal()) {
                throw refusal;
            }
            Verdict verdict = course.inTheWay
                    ? judge(append, deadline)
                    : backoff.look(append, deadline, () -> judge(append, deadline));
            if (verdict instanceof Repeated repeated) {
                return repeated.original();
            } else if (verdict instanceof Refused refused) {
                throw refused.reason();
            }
            course.lostPosition(); // made void, or drawn before its predecessor's; again and again is another matter
            boolean wonders = course.clashes >= Math.min(CLASHES_TO_WONDER, maxAttempts);
            if (wonders
                    && transact(
                            handle -> ledger.generatorIsBehind(handle, ledger.lastPosition(handle)),
                            Purpose.READ,
                            deadline)) {
                throw SqlSchema.generatorBehind();
            }
            throw wonders && refusal.fault() == Fault.CHECK ? refusal : refusal.retryable();
        }
    }

    /** Why it was refused; where that can't be found out, it may have been for its key, so that the append is stored already. */
    private Verdict judge(Append append, Deadline deadline) {
        try {
            return transact(handle -> ledger.judge(handle, append), Purpose.READ, deadline);
        } catch (DatabaseFault fault) {
            throw fault.unjudged();
        } catch (ConnectionException e) {
            throw unavailable(e, true);
        }
    }

    private AppendResult store(Handle handle, Append append, List<LedgerRow> rows, boolean gated) {
        if (gated) {
            ledger.gate(handle);
        }
        return ledger.store(handle, append, rows);
    }

    private <T> T retry(Function<Deadline, T> attempt, boolean refusalsToo, Deadline deadline) {
        return retry(attempt, refusalsToo, deadline, false);
    }

    /**
     * Tries again what may succeed then; a refusal only where somebody else's transaction may have been the reason. The outcome may be unknown
     * already.
     */
    private <T> T retry(Function<Deadline, T> attempt, boolean refusalsToo, Deadline deadline, boolean unknownBefore) {
        boolean outcomeUnknown = unknownBefore;
        for (int number = 1; ; number++) {
            long began = System.nanoTime();
            try {
                return attempt.apply(deadline);
            } catch (ConnectionException e) {
                throw unavailable(e, outcomeUnknown);
            } catch (UnregisteredEvent | SchemaMismatch | StoreFailure | LedgerDamaged e) {
                throw outcomeUnknown ? unknown(e) : e; // what an earlier attempt has sent may come when that is mended
            } catch (DatabaseFault fault) {
                outcomeUnknown |= fault.leavesOutcomeUnknown();
                boolean clash = fault.fault() == Fault.UNIQUE || fault.fault() == Fault.FOREIGN_KEY;
                boolean again = fault.passes() || (refusalsToo && clash && number < REFUSALS);
                boolean inTime = deadline.leaves(System.nanoTime() - began); // for as long as the last attempt took
                if (!again || !inTime || number >= maxAttempts) {
                    tell(fault, outcomeUnknown, number);
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

    /** What an operator may want to know, whatever the caller makes of it; without anything that is in an event. */
    static void tell(DatabaseFault fault, boolean outcomeUnknown, int attempts) {
        String state = fault.sql().getSQLState();
        int code = fault.sql().getErrorCode();
        if (outcomeUnknown) {
            LOG.warn("outcome unknown after {} attempt(s): SQLState {}, code {}", attempts, state, code);
        } else if (!fault.fault().isRefusal()) {
            LOG.info(
                    "nothing stored after {} attempt(s), {}: SQLState {}, code {}",
                    attempts,
                    fault.fault(),
                    state,
                    code);
        }
    }

    private static StoreUnavailable unknown(EventStoreException later) {
        LOG.warn("outcome unknown: a later attempt met {}", later.getClass().getSimpleName());
        return new StoreUnavailable(
                "The database went away before it said whether the append is stored; a later attempt failed: "
                        + later.getMessage(),
                true,
                later);
    }

    private static StoreUnavailable unavailable(ConnectionException e, boolean outcomeUnknown) {
        if (outcomeUnknown) {
            LOG.warn("outcome unknown: no connection to be had any more");
        }
        return new StoreUnavailable(
                outcomeUnknown
                        ? "No connection to the database any more, and whether the append is stored is unknown. Repeat it with its key."
                        : "No connection to the database; nothing was stored.",
                outcomeUnknown,
                e.getCause());
    }

    /** What a transaction is for. */
    private enum Purpose {
        READ,
        WRITE,
        /** A write of one statement, which is a transaction by itself; where it stores a group, its waits for locks are short. */
        ONE_STATEMENT,
        /** A write that holds the gate, so that its positions are not made void before its large events are there. */
        GATED,
        /** A write of several appends, none of which is to be held up by what another one meets. */
        GROUP,
        FENCE,
        /** One query that also sees what others have not committed. */
        GLIMPSE;

        /** Whether it is a transaction of several statements, which is begun and ended. */
        boolean isBegun() {
            return this != ONE_STATEMENT && this != GLIMPSE;
        }

        /** Whether its waits for locks are short. */
        boolean isBrief() {
            return this == GATED || this == GROUP || this == FENCE;
        }

        /** Whether it stores what somebody has to know the outcome of. */
        boolean commits() {
            return this == WRITE || this == GATED || this == GROUP;
        }
    }

    private <T> T transact(Function<Handle, T> work, Purpose purpose, Deadline deadline) {
        Handle handle = open();
        try {
            return transact(handle, work, purpose, deadline);
        } finally {
            close(handle);
        }
    }

    private <T> T transact(Handle handle, Function<Handle, T> work, Purpose purpose, Deadline deadline) {
        OwnSession session;
        try {
            session = OwnSession.enter(handle.getConnection(), dialect, deadline);
        } catch (SQLException e) {
            throw DatabaseFault.of(dialect, e, Stage.BEFORE_COMMIT);
        }
        try {
            limitStatements(handle, dialect.cancelsStatements() ? deadline.statementSeconds() : 0);
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
            stage = purpose.commits() ? Stage.COMMIT : stage;
            end(connection, purpose);
            return result;
        } catch (RuntimeException | SQLException e) {
            rollBack(connection, purpose, e);
            throw DatabaseFault.of(dialect, e, stage);
        } catch (Error e) {
            rollBack(connection, purpose, e); // the connection may serve others, whatever becomes of this thread
            throw e;
        } finally {
            if (purpose.isBrief()) {
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
            case GROUP -> beginBrief(handle, GroupCommit.LOCK_MILLIS);
            case FENCE -> beginBrief(handle, Settler.LOCK_MILLIS);
            case ONE_STATEMENT, GLIMPSE -> {}
        }
    }

    private void beginBrief(Handle handle, int lockMillis) throws SQLException {
        dialect.beginBrief(handle.getConnection(), lockMillis);
        limitStatements(handle, dialect.statementSeconds(lockMillis));
    }

    /** To so many seconds each, if that is more than 0; the handle is this transaction's only. */
    private static void limitStatements(Handle handle, int seconds) {
        if (seconds > 0) {
            handle.getConfig(SqlStatements.class).setQueryTimeout(seconds);
        }
    }

    private void end(Connection connection, Purpose purpose) throws SQLException {
        switch (purpose) {
            case READ -> dialect.rollback(connection);
            case WRITE, GATED, GROUP, FENCE -> dialect.commit(connection);
            case ONE_STATEMENT, GLIMPSE -> {}
        }
    }

    /** Or else ends the connection: what it holds must not be committed by whoever has it next. */
    private void rollBack(Connection connection, Purpose purpose, Throwable reason) {
        try {
            dialect.rollback(connection);
        } catch (SQLException e) {
            reason.addSuppressed(e); // nothing to roll back, or the connection is gone
            if (purpose.isBegun()) {
                OwnSession.quietly(() -> connection.abort(Runnable::run));
            }
        }
    }

    private static void pause(int attempt, boolean outcomeUnknown) {
        int longest = Math.min(LONGEST_PAUSE_MILLIS, 1 << Math.min(attempt, 10));
        Pauses.sleepUpTo(longest, "Interrupted between two attempts; repeat the call with its key.", outcomeUnknown);
    }
}
