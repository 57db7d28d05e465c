package io.sqleventstore.sql;

import static java.util.Objects.requireNonNull;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.History;
import io.sqleventstore.LedgerDamaged;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * An event store in a relational database, on connections of its own or in a transaction of the caller's.
 *
 * <p>Safe for use by many threads, except what {@link #join} returns, which is as safe as the connection. Takes a connection
 * for the length of one statement or one short transaction and always gives it back, so a pool of one is enough. It needs no
 * closing.
 */
public final class SqlEventStore implements EventStore {
    private static final int REREADS = 10;

    private final Jdbi jdbi;
    private final Dialect dialect;
    private final StoreOptions options;
    private final Ledger ledger;
    private final Access access;

    private SqlEventStore(Jdbi jdbi, Dialect dialect, StoreOptions options, Ledger ledger, Access access) {
        this.jdbi = jdbi;
        this.dialect = dialect;
        this.options = options;
        this.ledger = ledger;
        this.access = access;
    }

    /**
     * Opens the store in a database whose dialect is on the class path. The tables have to be there ({@link SqlSchema}).
     *
     * <p>The store begins and ends transactions on the connections that it takes, and gives them back in the mode that they came in. So the
     * data source must not hand out a connection that is in a transaction of the caller's (a {@code TransactionAwareDataSourceProxy}, JTA):
     * the store would commit it. That is what {@link #join(Connection)} is for. Where anything of a connection depends on the thread
     * that asks for it (schema, user, settings of the session), {@link StoreOptions#appendsPerCommit} has to be 1: an append may be stored on a connection that
     * another thread has taken. The database has to be the same for all.
     *
     * @param dataSource hands out the connections to the database
     * @return the open store
     * @throws io.sqleventstore.SchemaMismatch if no adapter serves the database, or the tables are missing, older or newer
     * @throws io.sqleventstore.StoreUnavailable if there is no connection to be had
     */
    public static SqlEventStore open(DataSource dataSource) {
        return open(dataSource, Dialects.of(dataSource));
    }

    /**
     * As {@link #open(DataSource)}, with that dialect.
     *
     * @param dataSource hands out the connections to the database
     * @param dialect how the database differs from others
     * @return the open store
     */
    public static SqlEventStore open(DataSource dataSource, Dialect dialect) {
        return open(dataSource, dialect, StoreOptions.defaults());
    }

    /**
     * As {@link #open(DataSource)}, with that dialect and these options.
     *
     * @param dataSource hands out the connections to the database
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     * @return the open store
     */
    public static SqlEventStore open(DataSource dataSource, Dialect dialect, StoreOptions options) {
        SqlSchema.of(dataSource, dialect, options).check();
        return unchecked(dataSource, dialect, options);
    }

    static SqlEventStore unchecked(DataSource dataSource, Dialect dialect, StoreOptions options) {
        Jdbi jdbi = configure(Jdbi.create(requireNonNull(dataSource, "dataSource")), dialect);
        Ledger ledger = new Ledger(dialect, new SqlFiles(dialect, options), options);
        Access access = new OwnAccess(jdbi, dialect, ledger, options);
        return new SqlEventStore(jdbi, dialect, options, ledger, access);
    }

    private static Jdbi configure(Jdbi jdbi, Dialect dialect) {
        jdbi.registerArgument((ArgumentFactory) (type, value, config) -> value instanceof String text
                ? Optional.of((parameter, statement, context) -> dialect.bindText(statement, parameter, text))
                : Optional.empty());
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        return jdbi;
    }

    /**
     * {@return this store inside the caller's open transaction: it never commits, rolls back or closes the connection, and what it appends
     * becomes visible or vanishes with the caller's own changes} An append that is refused leaves the transaction usable, unless it throws
     * {@link io.sqleventstore.TransactionMustRestart}.
     *
     * @param connection the caller's, in a transaction, with the default schema or with the one that the options name
     * @throws IllegalStateException if the connection is in auto-commit mode
     * @throws io.sqleventstore.StoreFailure if the connection lacks a setting without which the contract doesn't hold
     */
    public EventStore join(Connection connection) {
        requireNonNull(connection, "connection");
        Jdbi joined = configure(Jdbi.create(new Borrowed(connection)), dialect);
        return joined(joined.open());
    }

    /**
     * As {@link #join(Connection)}, in the transaction of a Jdbi handle, whose configuration is left alone.
     *
     * @param handle the caller's, in a transaction
     * @return this store inside that transaction
     */
    public EventStore join(Handle handle) {
        return join(handle.getConnection());
    }

    private EventStore joined(Handle own) {
        JoinedAccess joined = new JoinedAccess(own, dialect, ledger);
        joined.check();
        return new SqlEventStore(jdbi, dialect, options, ledger, joined);
    }

    /**
     * Re-reads the whole ledger and re-checks every rule; see {@link Verification}. Memory stays bounded.
     *
     * @return what was found
     */
    public Verification verify() {
        return new Verifier(this, access, dialect, new SqlFiles(dialect, options)).verify();
    }

    /**
     * {@return every position of the ledger that was given out before the call, each with what it has, ascending and without a hole: what
     * {@link LedgerImport} takes} Undecided positions are settled first. Reads in pages; the stream needs no closing.
     *
     * @throws io.sqleventstore.PositionUndecided if a writer stays open for longer than the store's patience
     * @throws LedgerDamaged while it is read, if a position is missing
     */
    public Stream<LedgerEntry> entries() {
        long last = access.settleAll(1, Long.MAX_VALUE);
        return Pages.stream(
                new PagedEntries(1, last, (from, to) -> access.read(handle -> ledger.entries(handle, from, to))));
    }

    LedgerImport importBy(SqlSchema schema) {
        return new LedgerImport(access, ledger, schema);
    }

    @Override
    public void register(EntityType... types) {
        List<EntityType> all = List.of(types);
        access.write(handle -> {
            ledger.register(handle, all);
            return true;
        });
    }

    @Override
    public List<EntityType> registered() {
        return access.read(ledger::registered).entrySet().stream()
                .map(type -> new EntityType(type.getKey(), type.getValue()))
                .toList();
    }

    @Override
    public History replay(Entity entity) {
        List<StoredEvent> events = new ArrayList<>();
        Head head = replay(entity, events::add);
        return new History(head, events);
    }

    @Override
    public Head replay(Entity entity, Consumer<? super StoredEvent> fold) {
        requireNonNull(fold, "fold");
        Head head = Head.beforeFirst(entity);
        int rereads = 0;
        while (true) {
            long after = head.revision();
            Slice page = access.read(handle -> ledger.replay(handle, entity, after));
            Head reached = foldLinked(head, page.events(), fold);
            boolean hole = reached.revision() < head.revision() + page.events().size();
            if (hole && ++rereads > REREADS) {
                throw new LedgerDamaged(
                        entity + " has no event that follows revision " + reached.revision() + " but later ones.");
            }
            head = reached;
            if (page.last() && !hole) {
                return head;
            }
        }
    }

    /** Folds events as long as each follows the one before; a read view with a hole is left there, to be read again. */
    private static Head foldLinked(Head from, List<StoredEvent> events, Consumer<? super StoredEvent> fold) {
        Head head = from;
        for (StoredEvent event : events) {
            boolean follows = event.revision() == head.revision() + 1
                    && Objects.equals(event.previousId(), head.eventId())
                    && event.position() > head.position();
            if (!follows) {
                return head;
            }
            fold.accept(event);
            head = event.head();
        }
        return head;
    }

    @Override
    public Stream<StoredEvent> replay(Selection selection) {
        long from = selection.fromPosition(); // nothing below is shown, in either direction
        Selection bounded = selection.to(access.settleAll(from, selection.toPosition()));
        return Pages.stream(new PagedEvents(bounded, rest -> access.read(handle -> ledger.replay(handle, rest))));
    }

    @Override
    public Tail tail(Selection selection, Cursor from, TailOptions options) {
        return access.tail(selection, from, options);
    }

    @Override
    public AppendResult append(Append append) {
        return access.append(requireNonNull(append, "append"));
    }

    /** Hands out a connection that is not ours to close. */
    private record Borrowed(Connection connection) implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection ignored) {
            // the caller's
        }
    }
}
