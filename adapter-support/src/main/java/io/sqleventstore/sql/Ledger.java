package io.sqleventstore.sql;

import com.github.f4b6a3.uuid.UuidCreator;
import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.LedgerDamaged;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.rules.Continuation;
import io.sqleventstore.rules.Judgement;
import io.sqleventstore.rules.Judgement.Evidence;
import io.sqleventstore.rules.Judgement.Verdict;
import io.sqleventstore.rules.LedgerRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What can be asked of the ledger and the registry, each a statement or a few on a given handle. */
final class Ledger {
    private static final int STATEMENT_CHARACTERS = 4 * 1024 * 1024;
    private static final int PAGE_CHARACTERS = 10 * 1024 * 1024;
    private static final int FIRST_ROWS = 2;
    private static final int FIRST_FETCH = 100;
    static final int IDS_PER_QUERY = 500;
    private static final int PARAMETERS_OF_REPLAY = 3;
    private static final int POSITIONS_PER_FETCH = 10_000;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int LONGEST_UTF8 = 4;
    private static final String ESCAPED = "\"'\\\n\r\u001a";

    private final Dialect dialect;
    private final SqlFiles files;
    private final StoreOptions options;
    private final Inserts inserts;

    /**
     * How many rows to let the driver have at once, and to ask for at all where it reads a result to its end even if the page is full before:
     * as many as lately were in a full page; after one that had so many and was not full twice as many, but no more than would have filled it.
     */
    private volatile int rowsAtOnce;

    Ledger(Dialect dialect, SqlFiles files, StoreOptions options) {
        this.dialect = dialect;
        this.files = files;
        this.options = options;
        this.inserts = new Inserts(dialect, files);
        this.rowsAtOnce = dialect.readsResultsToTheEnd() ? FIRST_ROWS : FIRST_FETCH;
    }

    /** The rows of an append, with new ids where the client chose none. */
    List<LedgerRow> rows(Append append) {
        return Continuation.rows(append, UuidCreator::getTimeOrderedEpochPlus1);
    }

    /** Inserts the rows; whatever the database or the rules don't like is thrown, and the caller rolls back. */
    AppendResult store(Handle handle, Append append, List<LedgerRow> rows) {
        return store(handle, rows, List.of(new Draft(append, rows)), false).get(0);
    }

    /**
     * The rows of all, in the order of entities, so that transactions over the same entities don't wait for each other in a circle; within an
     * append that is their order anyway.
     */
    static List<LedgerRow> inOrder(List<Draft> drafts) {
        return drafts.stream()
                .flatMap(draft -> draft.rows().stream())
                .sorted(Comparator.comparing(LedgerRow::entity))
                .toList();
    }

    /** Whether it takes one statement to insert these rows, know their positions and be sure that they are good. */
    boolean isOneStatement(List<LedgerRow> rows) {
        return statements(rows).size() == 1
                && dialect.insertion().tells(rows.size())
                && dialect.refusesDescendingPositions();
    }

    /** Whether there is such a statement that hardly waits for locks. */
    boolean isOneBriefStatement(List<LedgerRow> rows) {
        return isOneStatement(rows) && files.briefAppend(rows.size()).isPresent();
    }

    /**
     * As {@link #store(Handle, Append, List)}, of several appends together, whose rows are {@link #inOrder}: each gets the result that it would
     * have had alone.
     *
     * @param brief whether by {@link #isOneBriefStatement}
     */
    List<AppendResult> store(Handle handle, List<LedgerRow> rows, List<Draft> drafts, boolean brief) {
        Map<UUID, Long> positions = new HashMap<>();
        statements(rows).forEach(some -> insert(handle, some, positions, brief));
        return drafts.stream().map(draft -> result(handle, draft, positions)).toList();
    }

    private AppendResult result(Handle handle, Draft draft, Map<UUID, Long> positions) {
        List<LedgerRow> rows = draft.rows();
        List<Long> drawn = new ArrayList<>(rows.size());
        for (LedgerRow row : rows) {
            Long position = positions.get(row.id());
            if (position == null) {
                throw new StoreFailure(
                        "The database took the insert but did not store every row; is there a trigger on the table that is not the"
                                + " store's? 'eventstore verify' tells what is stored.",
                        null);
            }
            drawn.add(position);
        }
        boolean ascends = dialect.refusesDescendingPositions()
                || Continuation.ascends(draft.append(), drawn)
                || ascends(handle, rows, drawn);
        if (!ascends) {
            throw DatabaseFault.descending();
        }
        List<Head> heads = new ArrayList<>(rows.size());
        for (int i = 0; i < drawn.size(); i++) {
            heads.add(rows.get(i).headAt(drawn.get(i)));
        }
        return new AppendResult(draft.append().key(), false, heads);
    }

    /** Whether they ascend by what the ledger says itself, not by the positions in the heads that the client gave. */
    private boolean ascends(Handle handle, List<LedgerRow> rows, List<Long> drawn) {
        long last = 0;
        for (int i = 0; i < drawn.size(); i++) {
            LedgerRow row = rows.get(i);
            boolean continues =
                    row.revision() > 1 && (i == 0 || !rows.get(i - 1).entity().equals(row.entity()));
            long previous = continues
                    ? replay(handle, row.entity(), row.revision() - 2)
                            .events()
                            .get(0)
                            .position()
                    : 0;
            if (drawn.get(i) <= Math.max(last, previous)) {
                return false;
            }
            last = drawn.get(i);
        }
        return true;
    }

    /** The rows, a statement each: so many, and texts of some mebibytes, at most; a row that has more is alone. */
    List<List<LedgerRow>> statements(List<LedgerRow> rows) {
        List<List<LedgerRow>> statements = new ArrayList<>();
        int from = 0;
        long characters = 0;
        for (int i = 0; i < rows.size(); i++) {
            characters += characters(rows.get(i));
            if (i > from && (i - from == dialect.rowsPerInsert() || characters > STATEMENT_CHARACTERS)) {
                statements.add(rows.subList(from, i));
                from = i;
                characters = characters(rows.get(i));
            }
        }
        statements.add(rows.subList(from, rows.size()));
        return statements;
    }

    /** The length of its documents. */
    static long characters(LedgerRow row) {
        return characters(row.data(), row.metadata());
    }

    private static long characters(String data, @Nullable String metadata) {
        return data.length() + (metadata == null ? 0L : metadata.length());
    }

    static long characters(List<LedgerRow> rows) {
        long characters = 0;
        for (LedgerRow row : rows) {
            characters += characters(row);
        }
        return characters;
    }

    private void checkSize(Handle handle, List<LedgerRow> rows) {
        if (characters(rows) * LONGEST_UTF8 < LARGE_BYTES) {
            return;
        }
        long bytes = rows.stream()
                .mapToLong(row -> bytes(row.data()) + bytes(row.metadata()))
                .sum();
        if (bytes >= LARGE_BYTES) {
            try {
                dialect.checkSize(handle.getConnection(), bytes);
            } catch (SQLException e) {
                throw DatabaseFault.of(dialect, e, DatabaseFault.Stage.BEFORE_COMMIT);
            }
        }
    }

    /** Of the text in UTF-8, and one for each character that a driver may have to escape. */
    private static long bytes(@Nullable String text) {
        return text == null
                ? 0
                : text.codePoints()
                        .mapToLong(each -> each < 0x80
                                ? (ESCAPED.indexOf(each) < 0 ? 1 : 2)
                                : each < 0x800 ? 2 : each < 0x10000 ? 3 : LONGEST_UTF8)
                        .sum();
    }

    private void insert(Handle handle, List<LedgerRow> rows, Map<UUID, Long> positions, boolean brief) {
        checkSize(handle, rows);
        inserts.append(handle, rows, positions, brief);
        if (!dialect.insertion().tells(rows.size())) {
            readBack(handle, rows, positions);
        }
    }

    private void readBack(Handle handle, List<LedgerRow> rows, Map<UUID, Long> positions) {
        try (Query query = handle.createQuery(files.get("drawn", rows.size()))) {
            for (int i = 0; i < rows.size(); i++) {
                query.bind(i, dialect.bind(rows.get(i).id()));
            }
            query.setFetchSize(rows.size());
            query.map((row, context) -> Map.entry(dialect.id(row, 1), row.getLong(2)))
                    .forEach(drawn -> positions.put(drawn.getKey(), drawn.getValue()));
        }
    }

    /** Inserts entries as they are: events and voids with positions, ids and times of their own. */
    void insert(Handle handle, List<LedgerEntry> entries) {
        List<StoredEvent> someEvents = new ArrayList<>();
        List<Place> someVoids = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry instanceof LedgerEntry.Event event) {
                someEvents.add(event.event());
            } else {
                someVoids.add(new Place(entry.position(), entry.id()));
            }
        }
        if (!someEvents.isEmpty()) {
            insertAll(handle, someEvents);
        }
        insertVoids(handle, someVoids);
    }

    private void insertAll(Handle handle, List<StoredEvent> events) {
        int from = 0;
        for (List<LedgerRow> rows :
                statements(events.stream().map(LedgerRow::of).toList())) {
            checkSize(handle, rows);
            inserts.stored(handle, events.subList(from, from + rows.size()));
            from += rows.size();
        }
    }

    /** What the positions from one to another have, ascending; not all of them where they are many or large. */
    List<LedgerEntry> entries(Handle handle, long from, long to) {
        long most = Math.min(to, from + options.pageSize() - 1);
        Slice slice = replay(handle, Selection.all().from(from).to(most));
        List<StoredEvent> found = slice.events();
        long end = slice.last() || found.isEmpty()
                ? most
                : found.get(found.size() - 1).position();
        List<LedgerEntry> entries = new ArrayList<>();
        found.forEach(event -> entries.add(new LedgerEntry.Event(event)));
        entries.addAll(voids(handle, from, end));
        entries.sort(Comparator.comparingLong(LedgerEntry::position));
        return entries;
    }

    private List<LedgerEntry.VoidEntry> voids(Handle handle, long from, long to) {
        try (Query query = handle.createQuery(files.get("voids"))) {
            return query.bind("from", from)
                    .bind("to", to)
                    .map((row, context) -> new LedgerEntry.VoidEntry(row.getLong(1), dialect.id(row, 2)))
                    .list();
        }
    }

    /** What a refusal of the append means. */
    Verdict judge(Handle handle, Append append) {
        // the order matters: heads before what is stored under the key (see Evidence), and late: the caller's next
        // attempt starts from them
        SortedMap<String, SortedSet<String>> registered = registered(handle);
        Set<UUID> taken = takenIds(handle, append);
        Map<Entity, Head> heads = new LinkedHashMap<>();
        append.parts().forEach(part -> heads.put(part.entity(), head(handle, part.entity())));
        return Judgement.judge(append, new Evidence(heads, registered, taken, storedUnder(handle, append.key())));
    }

    /** Whether it is to follow an event that is not there, as far as can be seen from here. */
    boolean isBeyondTheView(Handle handle, Append append) {
        return append.parts().stream()
                .map(Append.Part::after)
                .filter(head -> head.revision() > 0)
                .anyMatch(head -> head(handle, head.entity()).revision() < head.revision());
    }

    private Head head(Handle handle, Entity entity) {
        try (Query query = handle.createQuery(files.get("head"))) {
            return query.bind("entity", entity.name())
                    .bind("key", entity.key())
                    .map((row, context) -> new Head(entity, row.getLong(1), dialect.id(row, 2), row.getLong(3)))
                    .findOne()
                    .orElse(Head.beforeFirst(entity));
        }
    }

    private List<StoredEvent> storedUnder(Handle handle, String appendKey) {
        try (Query query = handle.createQuery(files.get("stored-under"))) {
            return query.bind("appendKey", appendKey)
                    .map((row, context) -> event(row))
                    .list();
        }
    }

    private Set<UUID> takenIds(Handle handle, Append append) {
        List<UUID> chosen = new ArrayList<>();
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                if (event.id() != null) {
                    chosen.add(event.id());
                }
            }
        }
        Set<UUID> taken = new HashSet<>();
        for (int from = 0; from < chosen.size(); from += IDS_PER_QUERY) {
            List<UUID> some = chosen.subList(from, Math.min(chosen.size(), from + IDS_PER_QUERY));
            try (Query query = handle.createQuery(files.get("taken-ids", some.size()))) {
                for (int i = 0; i < some.size(); i++) {
                    query.bind(i, dialect.bind(some.get(i)));
                }
                taken.addAll(query.map((row, context) -> dialect.id(row, 1)).list());
            }
        }
        return taken;
    }

    /** The registered event names by entity name. */
    SortedMap<String, SortedSet<String>> registered(Handle handle) {
        SortedMap<String, SortedSet<String>> names = new TreeMap<>();
        try (Query query = handle.createQuery(files.get("registered"))) {
            query.map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(pair -> names.computeIfAbsent(pair.getKey(), name -> new TreeSet<>())
                            .add(pair.getValue()));
        }
        return names;
    }

    /** Registers what is not registered yet, in one order everywhere. */
    void register(Handle handle, List<EntityType> types) {
        SortedMap<String, SortedSet<String>> wanted = new TreeMap<>();
        types.forEach(type ->
                wanted.computeIfAbsent(type.name(), name -> new TreeSet<>()).addAll(type.events()));
        SortedMap<String, SortedSet<String>> known = registered(handle);
        wanted.forEach((entity, names) -> {
            names.removeAll(known.getOrDefault(entity, new TreeSet<>()));
            names.forEach(name -> handle.createUpdate(files.get("register"))
                    .bind(0, entity)
                    .bind(1, name)
                    .execute());
        });
    }

    /** The highest committed position in the ledger, or 0; not for a joined transaction. */
    long lastPosition(Handle handle) {
        return number(handle, "last-position");
    }

    /** The highest position that a joined transaction can see, or 0. */
    long lastVisible(Handle handle) {
        return number(handle, "last-visible");
    }

    private long number(Handle handle, String operation) {
        try (Query query = handle.createQuery(files.get(operation))) {
            return query.mapTo(Long.class).one();
        }
    }

    /**
     * A row's place in the ledger.
     *
     * @param position the position; 0 before the first
     * @param id the id of the event, or of the void, that has it
     */
    record Place(long position, UUID id) {
        static final Place BEFORE_FIRST = new Place(0, new UUID(0, 0));
    }

    /** The places from a position on, voids included, ascending. */
    List<Place> places(Handle handle, long from, int limit) {
        try (Query query = handle.createQuery(files.get("places"))) {
            return query.bind("from", from)
                    .bind("limit", limit)
                    .setFetchSize(limit) // as they are small, not by the way that spares memory
                    .map((row, context) -> new Place(row.getLong(1), dialect.id(row, 2)))
                    .list();
        }
    }

    /** How many positions from one to another are decided. */
    long count(Handle handle, long from, long to) {
        try (Query query = handle.createQuery(files.get("count-positions"))) {
            return query.bind("from", from).bind("to", to).mapTo(Long.class).one();
        }
    }

    /** The first position from one to another that somebody has; the other if nobody has one. */
    long firstFrom(Handle handle, long from, long to) {
        try (Query query = handle.createQuery(files.get("first-position"))) {
            return query.bind("from", from).bind("to", to).mapTo(Long.class).one();
        }
    }

    /** The positions from one to another that nobody has, ascending, so many at most. */
    List<Long> missing(Handle handle, long from, long to, int limit) {
        List<Long> missing = new ArrayList<>();
        try (Query query = handle.createQuery(files.get("positions"))) {
            query.bind("from", from).bind("to", to).setFetchSize(POSITIONS_PER_FETCH);
            long due = from;
            for (long position : query.mapTo(Long.class).list()) {
                for (; due < position && missing.size() < limit; due++) {
                    missing.add(due);
                }
                due = position + 1;
            }
            boolean none = due < from; // after the greatest of all longs
            for (; !none && due <= to && missing.size() < limit; due++) {
                missing.add(due);
            }
        }
        return missing;
    }

    /** Those of these positions, which ascend, that nobody has. */
    List<Long> missingOf(Handle handle, List<Long> positions) {
        Set<Long> missing = new HashSet<>(
                missing(handle, positions.get(0), positions.get(positions.size() - 1), Integer.MAX_VALUE));
        return positions.stream().filter(missing::contains).toList();
    }

    /** Waits until nobody else holds the gate, and holds it until the transaction ends: who makes positions void, and who must not be hindered. */
    void gate(Handle handle) {
        try (Query query = handle.createQuery(files.get("gate"))) {
            query.map((row, context) -> true).list();
        }
    }

    /** Inserts voids at these positions. */
    void fence(Handle handle, List<Long> positions) {
        insertVoids(
                handle,
                positions.stream()
                        .map(position -> new Place(position, UuidCreator.getTimeOrderedEpochPlus1()))
                        .toList());
    }

    private void insertVoids(Handle handle, List<Place> places) {
        for (int from = 0; from < places.size(); from += Settler.VOIDS_PER_INSERT) {
            inserts.voids(handle, places.subList(from, Math.min(places.size(), from + Settler.VOIDS_PER_INSERT)));
        }
    }

    /** Whether it is a constraint of the schema that speaks. */
    boolean refuses(SQLException e) {
        return dialect.fault(e).isRefusal();
    }

    /** Whether the database's generator would give positions again that the ledger has: a backup was restored, say. Asked after the last position, since both grow. */
    boolean generatorIsBehind(Handle handle, long last) {
        return number(handle, "generator") < last;
    }

    /** The next events of one entity after a revision. */
    Slice replay(Handle handle, Entity entity, long afterRevision) {
        try (Query query = handle.createQuery(files.get("replay-entity"))) {
            query.bind("entity", entity.name()).bind("key", entity.key()).bind("after", afterRevision);
            return page(handle, query, options.pageSize());
        }
    }

    /** The next selected events. */
    Slice replay(Handle handle, Selection selection) {
        Filter filter = new Filter(selection);
        if (filter.values().size() + PARAMETERS_OF_REPLAY > dialect.parametersPerStatement()) {
            throw new IllegalArgumentException(
                    "The selection names %d entities and events; the database takes %d in one query."
                            .formatted(
                                    filter.values().size(), dialect.parametersPerStatement() - PARAMETERS_OF_REPLAY));
        }
        try (Query query = handle.createQuery(files.replay(filter, selection.backwards()))) {
            query.bind("from", selection.fromPosition()).bind("to", selection.toPosition());
            filter.values().forEach(query::bind);
            return page(handle, query, (int) Math.min(options.pageSize(), selection.limit()));
        }
    }

    private int fetchSize(Handle handle, int rows) {
        try {
            return dialect.fetchSize(handle.getConnection(), rows);
        } catch (SQLException e) {
            throw DatabaseFault.of(dialect, e, DatabaseFault.Stage.BEFORE_COMMIT);
        }
    }

    private Slice page(Handle handle, Query query, int most) {
        int atOnce = rowsAtOnce;
        int limit = dialect.readsResultsToTheEnd() ? Math.min(most, atOnce) : most;
        query.bind("limit", limit).setFetchSize(fetchSize(handle, Math.min(options.fetchSize(), atOnce)));
        List<StoredEvent> page = new ArrayList<>();
        long characters = query.scanResultSet((rows, context) -> fill(page, rows.get()));
        boolean full = characters >= PAGE_CHARACTERS;
        if (full) {
            rowsAtOnce = page.size();
        } else if (page.size() >= atOnce) { // else it tells nothing: there were no more, or no more were asked for
            long filling = page.size() * (long) PAGE_CHARACTERS / characters + 1; // if all were like these
            rowsAtOnce = (int) Math.min(options.pageSize(), Math.min(2L * atOnce, filling));
        }
        return new Slice(page, page.size() < limit && !full);
    }

    private static int names(StoredEvent event) {
        Entity entity = event.entity();
        return entity.name().length()
                + entity.key().length()
                + event.name().length()
                + event.appendKey().length();
    }

    /** Returns how many characters these are: fewer than a page may have only if there are no more rows. */
    private long fill(List<StoredEvent> page, ResultSet rows) throws SQLException {
        long characters = 0;
        while (characters < PAGE_CHARACTERS && rows.next()) {
            StoredEvent event = event(rows);
            characters += characters(event.data(), event.metadata()) + names(event);
            page.add(event);
        }
        return characters;
    }

    /** Reads the columns in their order: some drivers let none that was passed by be read while they stream. */
    StoredEvent event(ResultSet row) throws SQLException {
        long position = row.getLong(1);
        try {
            UUID id = dialect.id(row, 2);
            Entity entity = new Entity(row.getString(3), row.getString(4));
            long revision = row.getLong(5);
            return new StoredEvent(
                    position,
                    id,
                    entity,
                    revision,
                    revision == 1 ? null : dialect.id(row, 6),
                    row.getString(7),
                    row.getString(8),
                    row.getInt(9),
                    row.getString(10),
                    row.getString(11),
                    dialect.instant(row, 12));
        } catch (InvalidEvent e) {
            throw new LedgerDamaged("Position " + position + ": " + e.getMessage());
        }
    }
}
