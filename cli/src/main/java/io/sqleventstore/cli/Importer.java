package io.sqleventstore.cli;

import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.sql.SqlEventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Appends the changes of a git history, each once, however often and by however many processes at once it is imported: a
 * change's append key is made of its commit and path, and it is appended only after the changes of its path before it are
 * stored, by whomever.
 *
 * <p>The store joins a transaction over many appends, since waiting for the disk takes most of an append's time. A
 * transaction that fails is repeated whole, which the append keys make harmless.
 */
final class Importer {
    private static final int APPENDS_PER_TRANSACTION = 500;
    private static final int ATTEMPTS = 20;

    private final OpenDatabase database;
    private final SqlEventStore store;
    private final String root;
    private final List<Change> waiting = new ArrayList<>();
    private final Map<Entity, Head> heads = new HashMap<>();
    private long added;
    private long repeated;

    Importer(OpenDatabase database, SqlEventStore store, String root) {
        this.database = database;
        this.store = store;
        this.root = root;
    }

    /** How many events this import stored. */
    long added() {
        return added;
    }

    /** How many events were stored before, or by another process meanwhile. */
    long repeated() {
        return repeated;
    }

    /** Appends the change, now or with later ones. */
    void add(Change change) {
        waiting.add(change);
        if (waiting.size() == APPENDS_PER_TRANSACTION) {
            flush();
        }
    }

    /** Appends what waits. */
    void flush() {
        for (AppendResult result : inTransaction()) {
            heads.put(result.head().entity(), result.head());
            if (result.repeated()) {
                repeated++;
            } else {
                added++;
            }
        }
        waiting.clear();
    }

    private List<AppendResult> inTransaction() {
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
                        "The import broke off; repeat it, it goes on where it was: " + e.getMessage(),
                        e);
            }
        }
    }

    private List<AppendResult> inTransaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            List<AppendResult> results = appendAll(store.join(connection));
            connection.commit();
            return results;
        } catch (RuntimeException | SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private List<AppendResult> appendAll(EventStore joined) {
        Map<Entity, Head> reached = new HashMap<>();
        List<AppendResult> results = new ArrayList<>();
        for (Change change : waiting) {
            Entity entity = change.path().entity();
            Head before = reached.getOrDefault(entity, heads.getOrDefault(entity, Head.beforeFirst(entity)));
            AppendResult result = append(joined, change, before);
            reached.put(entity, result.head());
            results.add(result);
        }
        return results;
    }

    /** A path that another line of commits knew goes on after that line's last event. */
    private AppendResult append(EventStore joined, Change change, Head known) {
        Head head = known;
        while (true) {
            try {
                return joined.append(head.append(FileEvents.event(change, root)).withKey(FileEvents.appendKey(change)));
            } catch (StaleAppend stale) {
                head = joined.replay(head.entity(), earlier -> {});
            }
        }
    }
}
