package io.sqleventstore.cli;

import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.sql.SqlEventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Appends many intents, each once, however often and by however many processes at once: each comes after those that were given before it,
 * under its own append key.
 *
 * <p>The store joins a transaction over many appends, since waiting for the disk takes most of an append's time. A transaction that fails
 * is repeated whole, which the append keys make harmless. Memory is bounded: only the heads of entities lately met are known.
 */
final class Appender {
    private static final int APPENDS_PER_TRANSACTION = 500;
    private static final int EVENTS_PER_TRANSACTION = 2_000;
    private static final long CHARACTERS_PER_TRANSACTION = 1024 * 1024;
    private static final int HEADS = 5_000;
    private static final int ATTEMPTS = 20;

    private final OpenDatabase database;
    private final SqlEventStore store;
    private final BiFunction<Intent, EventStoreException, RuntimeException> refusals;
    private final List<Intent> waiting = new ArrayList<>();
    private final Map<Entity, Head> heads = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Entity, Head> eldest) {
            return size() > HEADS;
        }
    };
    private long waitingEvents;
    private long waitingCharacters;
    private long addedAppends;
    private long repeatedAppends;
    private long added;
    private long repeated;

    /** With what is thrown where the store refuses one; those before it are stored. */
    Appender(
            OpenDatabase database,
            SqlEventStore store,
            BiFunction<Intent, EventStoreException, RuntimeException> refusals) {
        this.database = database;
        this.store = store;
        this.refusals = refusals;
    }

    /** How many events were stored. */
    long added() {
        return added;
    }

    /** How many events were stored before, or by another process meanwhile. */
    long repeated() {
        return repeated;
    }

    /** How many appends were stored. */
    long addedAppends() {
        return addedAppends;
    }

    /** How many appends were stored before, or by another process meanwhile. */
    long repeatedAppends() {
        return repeatedAppends;
    }

    /** Appends it, now or with later ones. */
    void add(Intent intent) {
        waiting.add(intent);
        waitingEvents += intent.events().size();
        intent.events().forEach(step -> waitingCharacters += step.event().data().length());
        if (waiting.size() >= APPENDS_PER_TRANSACTION
                || waitingEvents >= EVENTS_PER_TRANSACTION
                || waitingCharacters >= CHARACTERS_PER_TRANSACTION) {
            flush();
        }
    }

    /** Appends what waits. */
    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        Batch batch = inTransaction();
        heads.putAll(batch.reached);
        batch.results.forEach(this::count);
        waiting.clear();
        waitingEvents = 0;
        waitingCharacters = 0;
        if (batch.refusal != null) {
            throw batch.refusal;
        }
    }

    private void count(AppendResult result) {
        if (result.repeated()) {
            repeatedAppends++;
            repeated += result.heads().size();
        } else {
            addedAppends++;
            added += result.heads().size();
        }
    }

    private Batch inTransaction() {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = database.pool().getConnection()) {
                return inTransaction(connection);
            } catch (TransactionMustRestart e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (SQLException e) {
                throw new Failure(
                        ExitCode.DATABASE,
                        "The database went away; repeat the command, it goes on where it was: " + e.getMessage(),
                        e);
            }
        }
    }

    private Batch inTransaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Batch batch = new Batch(store.join(connection));
            batch.appendAll();
            connection.commit();
            return batch;
        } catch (RuntimeException | SQLException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private static void rollBack(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** What one transaction reached. */
    private final class Batch {
        private final EventStore joined;
        private final Map<Entity, Head> reached = new LinkedHashMap<>();
        private final List<AppendResult> results = new ArrayList<>();
        private @Nullable RuntimeException refusal;

        Batch(EventStore joined) {
            this.joined = joined;
        }

        /** Up to the first that is refused. */
        void appendAll() {
            for (Intent intent : waiting) {
                try {
                    results.add(intent.appendTo(joined, this::head, head -> reached.put(head.entity(), head)));
                } catch (TransactionMustRestart | StoreUnavailable | StoreFailure e) {
                    throw e;
                } catch (EventStoreException e) {
                    refusal = refusals.apply(intent, e);
                    return;
                }
            }
        }

        private Head head(Entity entity) {
            Head head = reached.get(entity);
            head = head == null ? heads.get(entity) : head;
            return head == null ? Head.beforeFirst(entity) : head;
        }
    }
}
