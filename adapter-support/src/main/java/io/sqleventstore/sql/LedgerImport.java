package io.sqleventstore.sql;

import static java.util.Objects.requireNonNull;

import io.sqleventstore.EntityType;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.ImportRefused;
import io.sqleventstore.NewEvent;
import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.rules.LedgerRow;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/**
 * Puts a whole ledger, as {@link SqlEventStore#entries()} reads it, into another database: positions, ids, keys, links and times stay what
 * they are, so that cursors of consumers stay good too. All constraints of the schema stay on.
 *
 * <p>The ledger has to be empty, or to hold a beginning of what is imported, so that an import that broke off is simply repeated from the
 * first entry: what is there is compared with what comes, to the last byte, and what is missing is stored. Entries are stored a thousand or
 * some million characters at a time, each time whole or not at all; memory stays bounded. Until {@link #finish} returns, the ledger is a
 * beginning only, and nobody else may write to it.
 *
 * <p>Needs the rights of the tables' owner. Not safe for use by several threads.
 */
public final class LedgerImport {
    private static final int BATCH = 1_000;
    private static final int BATCH_CHARACTERS = 1024 * 1024;

    private final Access access;
    private final Ledger ledger;
    private final SqlSchema schema;
    private final List<LedgerEntry> waiting = new ArrayList<>();
    private long waitingCharacters;
    private long last;
    private long stored;

    LedgerImport(Access access, Ledger ledger, SqlSchema schema) {
        this.access = access;
        this.ledger = ledger;
        this.schema = schema;
    }

    /**
     * {@return an import into the database behind the data source, whose tables have to be there ({@link SqlSchema#install})}
     *
     * @param dataSource hands out the connections to the database
     * @param dialect how the database differs from others
     * @param options where the tables are and how the store works
     * @throws SchemaMismatch if the tables are missing, older or newer
     * @throws io.sqleventstore.StoreUnavailable if there is no connection to be had
     */
    public static LedgerImport into(DataSource dataSource, Dialect dialect, StoreOptions options) {
        SqlSchema schema = SqlSchema.of(dataSource, dialect, options);
        schema.checkVersion();
        return SqlEventStore.unchecked(dataSource, dialect, options).importBy(schema);
    }

    /**
     * Registers names, as {@link SqlEventStore#register}; before the first event that has them.
     *
     * @param types entity types of the other ledger
     */
    public void register(List<EntityType> types) {
        access.write(handle -> {
            ledger.register(handle, types);
            return true;
        });
    }

    /**
     * Takes the next entry; it is stored now or with later ones.
     *
     * @param entry what the other ledger has at its position
     * @throws ImportRefused if its position doesn't follow the one before (the first is 1), it is no legal event, the ledger has something
     *     else there, or a constraint of the schema refuses it
     * @throws StoreFailure if the database refuses for another reason
     * @throws io.sqleventstore.StoreUnavailable if the database can't be reached; repeat the import from its beginning
     */
    public void add(LedgerEntry entry) {
        requireNonNull(entry, "entry");
        if (entry.position() != last + 1) {
            throw new ImportRefused(
                    "Position %d can't follow position %d; every position has to be there, an event or a void."
                            .formatted(entry.position(), last));
        }
        if (entry instanceof LedgerEntry.Event event) {
            check(event.event());
            waitingCharacters += Ledger.characters(LedgerRow.of(event.event()));
        }
        last = entry.position();
        waiting.add(entry);
        if (waiting.size() >= BATCH || waitingCharacters >= BATCH_CHARACTERS) {
            flush();
        }
    }

    /**
     * Stores what waits, and readies the ledger for appends.
     *
     * @throws ImportRefused as {@link #add}, or if the ledger goes on after the last entry
     */
    public void finish() {
        flush();
        long end = access.read(ledger::lastPosition);
        if (end != last) {
            throw new ImportRefused(
                    "The ledger goes on to position %d, what is imported ends at position %d.".formatted(end, last));
        }
        schema.install(); // sets the generator of positions above them
    }

    /** {@return the last position taken so far; 0 before the first} */
    public long position() {
        return last;
    }

    /** {@return how many entries this import has stored, without those that were there before} */
    public long stored() {
        return stored;
    }

    private static void check(StoredEvent event) {
        if (!event.recordedAt().truncatedTo(ChronoUnit.MICROS).equals(event.recordedAt())) {
            throw new ImportRefused("Position %d: the time %s is finer than the microseconds that a ledger keeps."
                    .formatted(event.position(), event.recordedAt()));
        }
        try {
            checkLegal(event);
        } catch (EventStoreException e) {
            throw new ImportRefused("Position " + event.position() + ": " + e.getMessage());
        }
    }

    /**
     * Checks what an append would have checked.
     *
     * @throws io.sqleventstore.InvalidEvent if a name, key or document is not legal
     */
    static void checkLegal(StoredEvent event) {
        NewEvent checked = new NewEvent(event.name(), event.data(), event.metadata(), event.id());
        event.head().append(checked).withKey(event.appendKey());
    }

    private void flush() {
        if (!waiting.isEmpty()) {
            stored += storeWaiting();
            waiting.clear();
            waitingCharacters = 0;
        }
    }

    private int storeWaiting() {
        try {
            return access.write(this::storeMissing);
        } catch (StoreFailure e) {
            if (e.getCause() instanceof SQLException sql && ledger.refuses(sql)) {
                throw new ImportRefused(
                        "Of positions %d to %d, one is refused by the database's constraints (SQLState %s); is what is imported no ledger?"
                                .formatted(first(), last, sql.getSQLState()));
            }
            throw e;
        }
    }

    /** Repeatable: what is there is compared, the rest is inserted. */
    private int storeMissing(Handle handle) {
        long end = Math.min(last, ledger.lastPosition(handle));
        Iterator<LedgerEntry> there = Pages.stream(
                        new PagedEntries(first(), end, (from, to) -> ledger.entries(handle, from, to)))
                .iterator();
        int same = 0;
        for (; there.hasNext(); same++) {
            if (!there.next().equals(waiting.get(same))) {
                throw new ImportRefused(
                        "At position %d the ledger has something else; it is neither empty nor a beginning of what is imported."
                                .formatted(waiting.get(same).position()));
            }
        }
        ledger.insert(handle, waiting.subList(same, waiting.size()));
        return waiting.size() - same;
    }

    private long first() {
        return waiting.get(0).position();
    }
}
