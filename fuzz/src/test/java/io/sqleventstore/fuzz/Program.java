package io.sqleventstore.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.LedgerEntry;
import io.sqleventstore.sql.LedgerImport;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Calls of a store, one after the other, each with the outcome that the model says; at the end the ledger is the model's. */
final class Program {
    private static final int STEPS = 30;

    private final LedgerFile ledger;
    private final Draw draw;
    private final SqlEventStore store;
    private final List<Cursor> cursors = new ArrayList<>(List.of(Cursor.START));
    private Model model = new Model();

    Program(LedgerFile ledger, Draw draw) {
        this.ledger = ledger;
        this.draw = draw;
        this.store = ledger.store(StoreOptions.defaults().withPageSize(1 + draw.below(4)));
    }

    void run() throws SQLException {
        try (Connection open = ledger.connect();
                Statement look = open.createStatement()) {
            look.execute("PRAGMA schema_version"); // as long as it is open, others need not make the file's log anew
            runAll();
        }
    }

    private void runAll() throws SQLException {
        store.register(EntityType.of("game", "started", "played"));
        model.register(EntityType.of("game", "started", "played"));
        for (int step = 0; step < STEPS && draw.hasMore(); step++) {
            switch (draw.below(10)) {
                case 0 -> register(store, model);
                case 1 -> inTransaction();
                case 2 -> replay(store, model);
                case 3 -> tail();
                case 4 -> move();
                default -> append(store, model);
            }
        }
        assertThat(store.replay(Selection.all())).isEqualTo(model.events());
        assertThat(store.registered()).isEqualTo(model.types());
        assertThat(store.verify().checks())
                .allSatisfy(
                        check -> assertThat(check.violations()).as(check.rule()).isEmpty());
    }

    private void register(EventStore on, Model its) {
        String name = draw.textOr("game", "player", "Game");
        List<String> events = draw.some(2, () -> draw.textOr("joined", "played"));
        EntityType type = Outcome.of(() -> EntityType.of(name, events)).value();
        if (type != null) {
            on.register(type);
            its.register(type);
        }
    }

    private void append(EventStore on, Model its) {
        Append append = Outcome.of(() -> newAppend(its)).value();
        if (append == null) {
            return;
        }
        List<StoredEvent> there = its.under(append.key());
        try {
            AppendResult result = on.append(append);
            assertThat(result.repeated()).isEqualTo(!there.isEmpty());
            assertThat(result.key()).isEqualTo(append.key());
            if (result.repeated()) {
                assertThat(its.hasStored(append)).isTrue();
                assertThat(result.heads()).isEqualTo(heads(there));
            } else {
                assertThat(its.reasonsAgainst(append)).isEmpty();
                its.add(
                        append,
                        result,
                        on.replay(Selection.all().from(its.lastPosition() + 1)).toList());
            }
        } catch (AppendKeyReused e) {
            assertThat(there).isNotEmpty();
            assertThat(its.hasStored(append)).isFalse();
            assertThat(e.original().heads()).isEqualTo(heads(there));
        } catch (UnregisteredEvent | StaleAppend | EventIdReused e) {
            assertThat(there).isEmpty();
            assertThat(its.reasonsAgainst(append).contains(e.getClass()))
                    .as(e.getMessage())
                    .isTrue();
            if (e instanceof StaleAppend stale) {
                assertThat(stale.current()).isEqualTo(its.head(stale.expected().entity()));
            }
        }
    }

    private static List<Head> heads(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::head).toList();
    }

    /** Throws what the making of an append throws. */
    private Append newAppend(Model its) {
        Append append = newPart(its);
        for (int more = draw.below(3); more > 0; more--) {
            append = append.and(newPart(its));
        }
        return append.withKey(draw.textOr("k1", "k2", "k3", "k" + its.events().size()));
    }

    private Append newPart(Model its) {
        Entity entity = entity(its);
        List<NewEvent> events = new ArrayList<>();
        for (int size = 1 + draw.below(3); size > 0; size--) {
            NewEvent event = NewEvent.of(draw.textOr("started", "played", "joined"), draw.document());
            event = draw.once(4) ? event.withMetadata(draw.document()) : event;
            events.add(draw.once(4) ? event.withId(draw.id()) : event);
        }
        return head(its, entity).append(events);
    }

    private Entity entity(Model its) {
        String name = draw.oneOf(
                Stream.concat(Stream.of("game", "player"), its.types().stream().map(EntityType::name))
                        .toList());
        return Entity.of(name, draw.textOr("a", "b", "A", "\u00e1"));
    }

    /** Mostly the entity's own, or one that it had, or one that is made up. */
    private Head head(Model its, Entity entity) {
        Head own = its.head(entity);
        return switch (draw.below(8)) {
            case 5 -> Head.beforeFirst(entity);
            case 6 ->
                draw.oneOf(Stream.concat(Stream.of(own), its.of(entity).stream().map(StoredEvent::head))
                        .toList());
            case 7 -> new Head(entity, draw.number(), draw.once(2) ? own.eventId() : draw.id(), draw.number());
            default -> own;
        };
    }

    private void inTransaction() throws SQLException {
        try (Connection connection = ledger.connect()) {
            connection.setAutoCommit(false);
            EventStore joined = store.join(connection);
            Model its = model.copy();
            for (int steps = draw.below(4); steps > 0; steps--) {
                switch (draw.below(4)) {
                    case 0 -> register(joined, its);
                    case 1 -> replay(joined, its);
                    default -> append(joined, its);
                }
            }
            assertThat(joined.replay(Selection.all())).isEqualTo(its.events());
            if (draw.once(2)) {
                connection.rollback();
            } else {
                connection.commit();
                model = its;
            }
        }
    }

    private void replay(EventStore on, Model its) {
        Selection selection = Outcome.of(() -> selection(its)).value();
        if (selection != null) {
            assertThat(on.replay(selection)).isEqualTo(its.selected(selection));
        }
        Entity entity = Outcome.of(() -> entity(its)).value();
        if (entity != null) {
            assertThat(on.replay(entity).events()).isEqualTo(its.of(entity));
            assertThat(on.replay(entity).head()).isEqualTo(its.head(entity));
        }
    }

    private Selection selection(Model its) {
        Selection selection = entitiesAndNames(its);
        selection = draw.once(2) ? selection.from(draw.number()) : selection;
        selection = draw.once(2) ? selection.to(draw.number()) : selection;
        selection = draw.once(2) ? selection.limit(draw.number()) : selection;
        return draw.once(2) ? selection.inReverse() : selection;
    }

    private Selection entitiesAndNames(Model its) {
        Selection selection = Selection.all();
        for (int more = draw.below(4); more > 0; more--) {
            selection = switch (draw.below(3)) {
                case 0 -> selection.ofEntity(draw.textOr("game", "player"));
                case 1 -> selection.of(entity(its));
                default -> selection.named(draw.textOr("started", "played", "joined"));
            };
        }
        return selection;
    }

    private void tail() {
        Selection selection = Outcome.of(() -> entitiesAndNames(model)).value();
        if (selection == null) {
            return;
        }
        Cursor from = draw.once(4) ? madeUp() : draw.oneOf(cursors);
        long after = Stream.concat(
                        Stream.of(0L),
                        model.events().stream()
                                .filter(event -> token(event).equals(from.token()))
                                .map(StoredEvent::position))
                .reduce(from.equals(Cursor.START) ? 0L : -1L, Math::max);
        boolean fits = from.equals(Cursor.START) || after > 0;
        try {
            TailOptions options = tailOptions();
            assertThat(allOf(store.tail(selection, from, options), options.pageSize()))
                    .isEqualTo(model.selected(selection.from(Math.max(after, 0) + 1)));
            assertThat(fits).as("a cursor of this ledger").isTrue();
        } catch (CursorRefused e) {
            assertThat(fits).as("a cursor of this ledger").isFalse();
        }
    }

    private static String token(StoredEvent event) {
        return event.position() + "-" + event.id();
    }

    private Cursor madeUp() {
        return new Cursor(draw.once(2) ? draw.text() : draw.number() + "-" + draw.id());
    }

    private TailOptions tailOptions() {
        TailOptions options = TailOptions.defaults().withPageSize(1 + draw.below(3));
        TailOptions other = Outcome.of(
                        () -> options.withGrace(draw.duration()).withPauses(draw.duration(), draw.duration()))
                .value();
        return other == null ? options : other;
    }

    private List<StoredEvent> allOf(Tail tail, int pageSize) {
        List<StoredEvent> events = new ArrayList<>();
        Cursor before;
        do {
            before = tail.cursor();
            Tail.Page page = tail.next(atMost());
            assertThat(page.events()).hasSizeLessThanOrEqualTo(pageSize);
            events.addAll(page.events());
            cursors.add(page.cursor());
            assertThat(tail.cursor()).isEqualTo(page.cursor());
            assertThat(tail.waiting()).isEmpty();
        } while (!tail.cursor().equals(before));
        return events;
    }

    /** Nothing, less than nothing, or a moment. */
    private Duration atMost() {
        Duration any = draw.once(8) ? draw.duration() : Duration.ZERO;
        return any.compareTo(Duration.ofMillis(2)) > 0 ? Duration.ofMillis(2) : any;
    }

    /** The ledger is the same in another database, also when it is brought there twice. */
    private void move() {
        List<LedgerEntry> entries = store.entries().toList();
        try (LedgerFile other = LedgerFile.empty()) {
            for (int time = 0; time < 2; time++) {
                LedgerImport into =
                        LedgerImport.into(other.dataSource(), Dialects.of(other.dataSource()), StoreOptions.defaults());
                into.register(store.registered());
                entries.forEach(into::add);
                into.finish();
            }
            assertThat(other.store().entries()).isEqualTo(entries);
            assertThat(other.store().replay(Selection.all())).isEqualTo(model.events());
        }
    }
}
