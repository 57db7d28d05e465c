package io.sqleventstore.sql;

import io.sqleventstore.EventStoreException;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** A driver's exception with its kind, on its way to whoever can decide what it means; no caller of the store sees it. */
final class DatabaseFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How far a transaction had got. */
    enum Stage {
        BEFORE_COMMIT,
        /** In a statement that commits itself: if the server answers with an error, nothing is stored; what fails after that is {@link #COMMIT}. */
        ONE_STATEMENT,
        COMMIT,
        /** After a refusal that may mean that the append is there already, when the ledger could not be asked. */
        UNJUDGED
    }

    private final Fault fault;
    private final transient SQLException sql;
    private final Stage stage;

    private DatabaseFault(Fault fault, SQLException sql, Stage stage) {
        super(sql);
        this.fault = fault;
        this.sql = sql;
        this.stage = stage;
    }

    /** What a piece of work threw: as a fault if a driver's exception is behind it, else as it is. */
    static RuntimeException of(Dialect dialect, Throwable thrown, Stage stage) {
        if (thrown instanceof EventStoreException || thrown instanceof DatabaseFault) {
            return (RuntimeException) thrown;
        }
        SQLException sql = sqlException(thrown);
        if (sql != null) {
            Fault known = dialect.fault(
                    sql); // first: some drivers throw a lost connection's exception for any SQLState they don't know
            return new DatabaseFault(
                    known == Fault.OTHER && connectionIsLost(sql) ? Fault.UNAVAILABLE : known,
                    sql,
                    stage == Stage.ONE_STATEMENT && isAfterwards(thrown) ? Stage.COMMIT : stage);
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    private static boolean isAfterwards(Throwable thrown) {
        return thrown instanceof JdbcFailure failure && failure.isAfterwards();
    }

    /** What a caller is told whose work, no append, failed so. */
    static EventStoreException explained(Dialect dialect, SQLException e, String message) {
        return of(dialect, e, Stage.BEFORE_COMMIT) instanceof DatabaseFault fault && fault.passes()
                ? fault.toException(false, 1)
                : new StoreFailure(message + ": " + e.getMessage(), e);
    }

    /** What a schema that refuses descending positions would have said. */
    static DatabaseFault descending() {
        return new DatabaseFault(
                Fault.CHECK,
                new SQLIntegrityConstraintViolationException(
                        "The position is not above the one of the previous event.", "23514"),
                Stage.BEFORE_COMMIT);
    }

    /** What an append has met that another thread was storing when something failed there that nobody foresaw. */
    static DatabaseFault lost(Throwable thrown) {
        return new DatabaseFault(
                Fault.UNAVAILABLE, new SQLException("Failed while it was stored with others", thrown), Stage.COMMIT);
    }

    Fault fault() {
        return fault;
    }

    /** Whether the same may succeed later. */
    boolean passes() {
        return fault == Fault.RETRYABLE || fault == Fault.UNAVAILABLE || fault == Fault.READ_ONLY;
    }

    /** The same as what can succeed when it is tried again. */
    DatabaseFault retryable() {
        return new DatabaseFault(Fault.RETRYABLE, sql, stage);
    }

    /** The same, met while it was to be found out why an append was refused. */
    DatabaseFault unjudged() {
        return new DatabaseFault(fault, sql, Stage.UNJUDGED);
    }

    SQLException sql() {
        return sql;
    }

    /** Whether what was to be stored may be stored in spite of the exception. */
    boolean leavesOutcomeUnknown() {
        return switch (stage) {
            case BEFORE_COMMIT -> false;
            case ONE_STATEMENT -> fault == Fault.UNAVAILABLE;
            case COMMIT -> fault != Fault.RETRYABLE && !fault.isRefusal();
            case UNJUDGED -> true;
        };
    }

    /** What the caller of the store is told when nobody can make more of it. */
    EventStoreException toException(boolean outcomeUnknown, int attempts) {
        if (outcomeUnknown || fault == Fault.UNAVAILABLE) {
            return new StoreUnavailable(
                    outcomeUnknown
                            ? "The database went away, or was silent for too long, before it said whether the append is stored: that is unknown. Repeat it with its key."
                            : "The database is not available; nothing was stored.",
                    outcomeUnknown,
                    sql);
        }
        if (fault == Fault.READ_ONLY) {
            return new StoreUnavailable(
                    "The database takes no writes just now; nothing was stored. Repeat it later.", false, sql);
        }
        if (fault == Fault.RETRYABLE) {
            return new StoreUnavailable(
                    "The database was too busy (deadlock, positions taken, a wait longer than its own or the store's timeout) in %d attempt(s); nothing was stored. Repeat it later."
                            .formatted(attempts),
                    false,
                    sql);
        }
        return new StoreFailure(
                "The database refused (SQLState %s, code %d); nothing was stored. The cause says why."
                        .formatted(sql.getSQLState(), sql.getErrorCode()),
                sql);
    }

    /**
     * By what JDBC and the SQL standard have for it: exception classes and SQLState class 08. A statement that only its driver says to have
     * cancelled counts as well, since nobody knows whether it was done.
     */
    private static boolean connectionIsLost(SQLException e) {
        return e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLTimeoutException
                || (e.getSQLState() != null && e.getSQLState().startsWith("08"));
    }

    private static @Nullable SQLException sqlException(@Nullable Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql instanceof BatchUpdateException batch ? ofTheRow(batch) : sql;
            }
        }
        return null;
    }

    /** What the refused row of a batch met: some drivers say code, state and class of it only there. */
    private static SQLException ofTheRow(BatchUpdateException batch) {
        if (batch.getNextException() != null) {
            return batch.getNextException();
        }
        return batch.getCause() instanceof SQLException cause ? cause : batch;
    }
}
