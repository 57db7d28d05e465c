package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.History;
import io.sqleventstore.LedgerDamaged;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.conformance.RawLedger.Row;
import io.sqleventstore.sql.SqlSchema;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Chapter RPL of the contract. */
abstract class ReplayChapter extends ImmutabilityChapter {
    /** Sizes of a page at which its ends fall everywhere, and the usual one. */
    private static final int[] PAGE_SIZES = {1, 2, 3, 7, 1_000};

    private static final String MEBI = "x".repeat(1 << 20);

    private static NewEvent numbered(int number) {
        return NewEvent.of(number % 2 == 0 ? "even" : "odd", "{\"n\":" + number + "}");
    }

    private static List<NewEvent> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(ReplayChapter::numbered).toList();
    }

    /** An entity with so many events. */
    private Entity entityWith(int events) {
        Entity entity = newEntity("even", "odd");
        if (events > 0) {
            store().append(Head.beforeFirst(entity).append(numbered(0, events)));
        }
        return entity;
    }

    private StoreUnderTest withPages(int size) {
        return storeOn(connections(), options().withPageSize(size).withFetchSize(1));
    }

    // ---- RPL-1 ----

    @Test
    final void RPL_1_an_entitys_events_come_in_revision_order_each_once_with_their_content() {
        Entity entity = newEntity("even", "odd");
        Entity other = Entity.of(entity.name(), "other");
        List<NewEvent> given = new ArrayList<>();
        List<Head> heads = new ArrayList<>(List.of(Head.beforeFirst(entity)));
        Head otherHead = Head.beforeFirst(other);
        for (int append = 0; append < 20; append++) {
            List<NewEvent> events = new ArrayList<>(numbered(given.size(), given.size() + 1 + append % 3));
            events.set(0, events.get(0).withMetadata("{ \"append\" : " + append + " }"));
            AppendResult result =
                    store().append(heads.get(heads.size() - 1).append(events).and(otherHead.append(numbered(append))));
            given.addAll(events);
            result.heads().stream().filter(head -> head.entity().equals(entity)).forEach(heads::add);
            otherHead = result.head(other);
        }
        for (int size : PAGE_SIZES) {
            assertHistory(withPages(size).replay(entity), given, heads);
        }
    }

    private static void assertHistory(History history, List<NewEvent> given, List<Head> heads) {
        assertThat(history.head()).isEqualTo(heads.get(given.size()));
        assertThat(history.events()).hasSameSizeAs(given);
        for (int i = 0; i < given.size(); i++) {
            StoredEvent event = history.events().get(i);
            assertThat(event.revision()).isEqualTo(i + 1);
            assertThat(event.previousId()).isEqualTo(heads.get(i).eventId());
            assertThat(event.head()).isEqualTo(heads.get(i + 1));
            assertThat(event.name()).isEqualTo(given.get(i).name());
            assertThat(event.data()).isEqualTo(given.get(i).data());
            assertThat(event.metadata()).isEqualTo(given.get(i).metadata());
        }
    }

    @Test
    final void RPL_1_a_fold_gets_what_the_list_holds() {
        for (int events : new int[] {0, 1, 2, 3, 6, 7, 8, 14}) {
            Entity entity = entityWith(events);
            History history = store().replay(entity);
            assertThat(history.events()).hasSize(events);
            for (int size : PAGE_SIZES) {
                List<StoredEvent> folded = new ArrayList<>();
                Head head = withPages(size).replay(entity, folded::add);
                assertThat(folded).isEqualTo(history.events());
                assertThat(head).isEqualTo(history.head());
            }
        }
    }

    @Test
    final void RPL_1_an_entity_without_events_has_an_empty_history() {
        Entity entity = newEntity("even");
        assertThat(store().replay(entity)).isEqualTo(new History(Head.beforeFirst(entity), List.of()));
        Entity unregistered = Entity.of(unique("unregistered"), "key");
        assertThat(store().replay(unregistered).head().isBeforeFirst()).isTrue();
    }

    @Test
    final void RPL_1_what_a_fold_throws_reaches_the_caller() {
        Entity entity = entityWith(5);
        for (Throwable thrown : List.of(
                new IllegalStateException("fold"),
                new AssertionError("fold"),
                new StaleAppend(Head.beforeFirst(entity), Head.beforeFirst(entity)),
                new RuntimeException(new SQLException("the fold's own", "40001")))) {
            AtomicInteger folded = new AtomicInteger();
            assertThatThrownBy(() -> withPages(2).replay(entity, event -> {
                        if (folded.incrementAndGet() == 3) {
                            throwUnchecked(thrown);
                        }
                    }))
                    .isSameAs(thrown);
            assertThat(folded).hasValue(3);
            assertThat(connections().open()).isZero();
        }
    }

    private static void throwUnchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    final void RPL_1_an_event_that_a_read_view_misses_is_read_again() {
        Entity entity = entityWith(5);
        AtomicInteger misses = new AtomicInteger(3);
        EventStore shortSighted = tampered(options(), missing(3, misses));
        assertThat(shortSighted.replay(entity)).isEqualTo(store().replay(entity));
        assertThat(misses.get()).as("views still to miss it").isLessThanOrEqualTo(0);
    }

    @Test
    final void RPL_1_an_event_that_stays_missing_is_reported_and_none_after_it_is_delivered() {
        Entity entity = entityWith(5);
        EventStore damaged = tampered(options(), missing(3, new AtomicInteger(Integer.MAX_VALUE)));
        List<StoredEvent> folded = new ArrayList<>();
        assertThatThrownBy(() -> damaged.replay(entity, folded::add)).isInstanceOf(LedgerDamaged.class);
        assertThat(folded).extracting(StoredEvent::revision).containsExactly(1L, 2L);
        assertThat(connections().open()).isZero();
    }

    /**
     * Skips the row of that revision, in so many result sets, of which the first begins at revision 1 and the later ones, which read again, at the
     * one that was missing. (Rows are counted: to read a column here could keep the store from reading those before it.)
     */
    private static Tampering.Tamper missing(int revision, AtomicInteger times) {
        IdentityHashMap<Object, AtomicInteger> revisions = new IdentityHashMap<>();
        return call -> {
            Object more = call.proceed();
            if (!call.name().equals("next") || !Boolean.TRUE.equals(more) || !hasRevisions((ResultSet) call.target())) {
                return more;
            }
            int first = revisions.isEmpty() ? 1 : revision;
            int current = revisions
                    .computeIfAbsent(call.target(), rows -> new AtomicInteger(first))
                    .getAndIncrement();
            return current == revision && times.getAndDecrement() > 0 ? call.proceed() : more;
        };
    }

    private static boolean hasRevisions(ResultSet rows) throws SQLException {
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
            if (rows.getMetaData().getColumnLabel(column).equalsIgnoreCase("revision")) {
                return true;
            }
        }
        return false;
    }

    // ---- RPL-2 ----

    @Test
    final void RPL_2_every_selection_delivers_what_a_filter_of_everything_would() {
        onEmptyStore((place, store) -> {
            List<StoredEvent> everything = fill(place, store, new Random(2));
            List<StoreUnderTest> stores = new ArrayList<>();
            for (int size : PAGE_SIZES) {
                stores.add(storeOn(
                        place.dataSource(), place.options().withPageSize(size).withFetchSize(1)));
            }
            List<Selection> selections = selections(everything);
            assertThat(selections).hasSizeGreaterThan(1_000);
            Collections.shuffle(selections, new Random(3)); // else each limit would meet one size of page only
            for (int i = 0; i < selections.size(); i++) {
                Selection selection = selections.get(i);
                StoreUnderTest paged = stores.get(i % stores.size());
                assertThat(paged.replay(selection).toList())
                        .as("%s in pages of %d", selection, PAGE_SIZES[i % stores.size()])
                        .isEqualTo(filtered(everything, selection));
            }
        });
    }

    /**
     * Stores events of nine entities, one to three in an append, with runs of voids between some of them and at the end, and returns what the
     * appends acknowledged. Their ids are in no order, as clients may choose them.
     */
    private List<StoredEvent> fill(Place place, StoreUnderTest store, Random random) {
        RawLedger raw = new RawLedger(place, fixture(), store);
        List<String> names = List.of("game", "Game", "player");
        names.forEach(name -> store.register(EntityType.of(name, "even", "odd")));
        Map<Entity, Head> heads = new HashMap<>();
        for (int i = 0; i < 45; i++) {
            Entity entity = Entity.of(names.get(random.nextInt(3)), "key" + random.nextInt(3));
            Head head = heads.getOrDefault(entity, Head.beforeFirst(entity));
            List<NewEvent> events = numbered(i, i + 1 + random.nextInt(3)).stream()
                    .map(event -> event.withId(new UUID(random.nextLong(), random.nextLong())))
                    .toList();
            AppendResult result = store.append(head.append(events));
            heads.put(entity, result.head());
            if (i % 9 == 8) {
                addVoids(raw, i / 2); // 4 to 22 in a row
                mendGenerator(place);
            }
        }
        List<StoredEvent> everything = new ArrayList<>();
        heads.keySet().forEach(entity -> everything.addAll(store.replay(entity).events()));
        everything.sort(java.util.Comparator.comparingLong(StoredEvent::position));
        return everything;
    }

    private static void addVoids(RawLedger raw, int number) {
        long last = raw.lastPosition();
        Row[] voids = LongStream.rangeClosed(last + 1, last + number)
                .mapToObj(Row::voidAt)
                .toArray(Row[]::new);
        assertThat(catchThrowable(() -> raw.insert(voids))).isNull();
    }

    private static List<Selection> selections(List<StoredEvent> everything) {
        int last = everything.size() - 1;
        long low = everything.get(last / 4).position();
        long high = everything.get(3 * last / 4).position();
        long highest = everything.get(last).position();
        List<UnaryOperator<Selection>> ranges = List.of(
                all -> all,
                all -> all.from(low),
                all -> all.to(high),
                all -> all.from(low).to(high),
                all -> all.from(high).to(high),
                all -> all.from(high).to(low),
                all -> all.from(highest + 1),
                all -> all.from(highest).to(Long.MAX_VALUE),
                all -> all.to(0),
                all -> all.to(-5));
        List<UnaryOperator<Selection>> shapes = new ArrayList<>();
        for (long limit : new long[] {0, 1, 6, 7, 30, 1_000, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
            shapes.add(all -> all.limit(limit));
            shapes.add(all -> all.inReverse().limit(limit));
        }
        List<Selection> selections = new ArrayList<>();
        for (Selection narrowed : narrowed()) {
            ranges.forEach(range -> shapes.forEach(shape -> selections.add(shape.apply(range.apply(narrowed)))));
        }
        return selections;
    }

    private static List<Selection> narrowed() {
        Selection all = Selection.all();
        return List.of(
                all,
                all.ofEntity("game"),
                all.ofEntity("player", "key1"),
                all.ofEntity("player", "key1", "key2", "absent"),
                all.ofEntity("game").ofEntity("player", "key0").named("odd"),
                all.of(Entity.of("game", "key0")).of(Entity.of("Game", "key1")),
                all.named("even"),
                all.named("even", "odd"),
                all.named("absent"),
                all.ofEntity("absent"),
                all.ofEntity("game").ofEntity("Game", "absent").named("even"));
    }

    private static List<StoredEvent> filtered(List<StoredEvent> everything, Selection selection) {
        List<StoredEvent> selected = new ArrayList<>(everything);
        selected.removeIf(event -> !selects(selection, event));
        if (selection.backwards()) {
            Collections.reverse(selected);
        }
        return selected.subList(0, (int) Math.min(selection.limit(), selected.size()));
    }

    /** Whether an event is of that selection, order and limit aside. */
    static boolean selects(Selection selection, StoredEvent event) {
        Set<String> keys = selection.entities().get(event.entity().name());
        boolean entity = selection.entities().isEmpty()
                || (keys != null
                        && (keys.isEmpty() || keys.contains(event.entity().key())));
        return entity
                && (selection.names().isEmpty() || selection.names().contains(event.name()))
                && event.position() >= selection.fromPosition()
                && event.position() <= selection.toPosition();
    }

    @Test
    final void RPL_2_as_many_keys_and_names_as_a_selection_takes_are_taken() {
        Entity entity = entityWith(4);
        Selection selection = Selection.all();
        for (int i = 0; i < 499; i++) {
            selection = selection.ofEntity(entity.name(), "key" + i).named("name" + i);
        }
        selection = selection.of(entity).named("odd");
        assertThat(store().replay(selection)).extracting(StoredEvent::revision).containsExactly(2L, 4L);
    }

    @Test
    final void RPL_2_a_long_replay_holds_every_event_once_in_position_order() {
        Entity entity = newEntity("even", "odd");
        Head head = Head.beforeFirst(entity);
        for (int from = 0; from < 5_000; from += 500) {
            head = store().append(head.append(numbered(from, from + 500))).head();
        }
        List<String> data = numbered(0, 5_000).stream().map(NewEvent::data).toList();
        Selection selection = Selection.all().of(entity);
        assertThat(store().replay(selection)).extracting(StoredEvent::data).isEqualTo(data);
        assertThat(withPages(7).replay(selection)).extracting(StoredEvent::data).isEqualTo(data);
        assertThat(store().replay(entity).events())
                .extracting(StoredEvent::data)
                .isEqualTo(data);
        List<StoredEvent> backwards =
                new ArrayList<>(store().replay(selection.inReverse()).toList());
        Collections.reverse(backwards);
        assertThat(backwards).isEqualTo(store().replay(selection).toList());
        assertThat(backwards)
                .isSortedAccordingTo(java.util.Comparator.comparingLong(StoredEvent::position))
                .hasSize(5_000);
    }

    @Test
    final void RPL_2_a_replay_is_lazy_and_need_not_be_closed() {
        Entity entity = entityWith(500);
        AtomicInteger connected = new AtomicInteger();
        EventStore counted = tampered(options().withPageSize(10), call -> {
            connected.addAndGet(call.connects() ? 1 : 0);
            return call.proceed();
        });
        counted.replay(entity); // it may have to learn how many rows make a page
        Iterator<StoredEvent> events =
                counted.replay(Selection.all().of(entity)).iterator();
        int before = connected.get();
        for (int i = 0; i < 10; i++) {
            events.next();
        }
        assertThat(connected.get() - before).as("pages read for ten events").isEqualTo(1);
        assertThat(connections().open())
                .as("connections held by a replay left open")
                .isZero();
        events.next();
        assertThat(connected.get() - before).as("pages read for eleven events").isEqualTo(2);
    }

    @Test
    final void RPL_2_a_replay_holds_everything_that_was_acknowledged_before_it_began() {
        String name = newEntityName("even", "odd");
        Set<Head> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger writing = new AtomicInteger(4);
        Race.run(6, number -> {
            if (number < 4) {
                write(Entity.of(name, "key" + number), 60, acknowledged);
                writing.decrementAndGet();
            } else {
                while (writing.get() > 0) {
                    assertHoldsAll(Selection.all().ofEntity(name), acknowledged);
                }
            }
            return number;
        });
        assertThat(all(name)).hasSize(4 * 60);
    }

    private void write(Entity entity, int appends, Set<Head> acknowledged) {
        Head head = Head.beforeFirst(entity);
        for (int i = 0; i < appends; i++) {
            head = store().append(head.append(numbered(i))).head();
            acknowledged.add(head);
        }
    }

    private void assertHoldsAll(Selection selection, Set<Head> acknowledged) {
        List<Head> before = List.copyOf(acknowledged);
        Selection sometimesBackwards = before.size() % 2 == 0 ? selection : selection.inReverse();
        Set<Head> replayed = new java.util.HashSet<>(
                store().replay(sometimesBackwards).map(StoredEvent::head).toList());
        assertThat(replayed).containsAll(before);
    }

    // ---- RPL-3 ----

    @Test
    final void RPL_3_what_was_delivered_while_others_write_is_how_the_final_replay_begins() {
        String name = newEntityName("even", "odd");
        AtomicInteger writing = new AtomicInteger(4);
        List<List<StoredEvent>> delivered = Collections.synchronizedList(new ArrayList<>());
        Race.run(6, number -> {
            if (number < 4) {
                write(Entity.of(name, "key" + number), 150, ConcurrentHashMap.newKeySet());
                writing.decrementAndGet();
            } else {
                while (writing.get() > 0) {
                    delivered.add(all(name));
                }
            }
            return number;
        });
        List<StoredEvent> everything = all(name);
        assertThat(everything).hasSize(4 * 150);
        for (List<StoredEvent> earlier : delivered) {
            List<StoredEvent> now = everything.subList(0, earlier.size());
            // positions first: a short message, if it fails
            assertThat(positions(earlier)).isEqualTo(positions(now));
            assertThat(earlier).isEqualTo(now);
        }
    }

    private static List<Long> positions(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::position).toList();
    }

    @Test
    final void RPL_3_a_replay_that_others_overtake_has_no_hole() {
        Entity entity = newEntity("even", "odd");
        Selection selection = Selection.all().of(entity);
        Head head =
                store().append(Head.beforeFirst(entity).append(numbered(0, 20))).head();
        for (Selection each : List.of(selection, selection.inReverse())) {
            int before = (int) head.revision();
            List<Long> delivered = new ArrayList<>();
            Iterator<StoredEvent> events = withPages(3).replay(each).iterator();
            while (events.hasNext()) {
                delivered.add(events.next().revision());
                if (delivered.size() < 100) {
                    head = store().append(head.append(numbered(0))).head();
                }
            }
            if (each.backwards()) {
                Collections.reverse(delivered);
            }
            assertThat(delivered).hasSizeGreaterThanOrEqualTo(before);
            assertThat(delivered)
                    .isEqualTo(
                            LongStream.rangeClosed(1, delivered.size()).boxed().toList());
        }
    }

    @Test
    final void RPL_3_an_upgrade_of_the_tables_changes_nothing_that_is_stored_before_it_or_meanwhile()
            throws SQLException {
        Place old = newPlace();
        installFirstVersion(old);
        ByHand client = new ByHand(old, Entity.of("a", "key"));
        client.append(2);
        SqlSchema schema = SqlSchema.of(old.dataSource(), dialect(), old.options());
        assertThat(schema.status()).isEqualTo(new SqlSchema.Status(SqlSchema.State.OLDER, 1, SqlSchema.VERSION));
        assertThat(Race.run(5, number -> {
                    if (number == 0) {
                        client.append(30);
                    } else {
                        SqlSchema.of(old.dataSource(), dialect(), old.options()).install();
                    }
                    return number;
                }))
                .allMatch(Race.Outcome::won);
        schema.install();
        assertThat(schema.status().state()).isEqualTo(SqlSchema.State.CURRENT);
        StoreUnderTest store = storeOn(old.dataSource(), old.options());
        History history = store.replay(client.entity);
        assertThat(history.events()).extracting(StoredEvent::id).isEqualTo(client.stored);
        store.append(history.append(numbered(2)));
        assertViewsShow(old, store);
        assertThat(store.replay(Selection.all()).limit(client.stored.size())).isEqualTo(history.events());
        assertThat(store.verify().clean()).isTrue();
        old.drop().run();
    }

    /** A client of the first release, which stores events of one entity by plain SQL. */
    private final class ByHand {
        private final RawLedger raw;
        private final Entity entity;
        private final List<UUID> stored = new ArrayList<>();

        ByHand(Place place, Entity entity) throws SQLException {
            this.raw = new RawLedger(place, fixture(), store());
            this.entity = entity;
            raw.execute("INSERT INTO " + table(place, "event_registry") + " (entity, event) VALUES ('" + entity.name()
                    + "', 'even')");
        }

        void append(int events) throws SQLException {
            for (int i = 0; i < events; i++) {
                int revision = stored.size();
                Head head = revision == 0
                        ? Head.beforeFirst(entity)
                        : new Head(entity, revision, stored.get(revision - 1), revision); // the position is not asked
                Row row = Row.after(head, "even");
                raw.insert(row);
                stored.add(row.id());
            }
        }
    }

    @Test
    final void RPL_2_the_views_show_what_a_replay_shows() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "even", "odd"));
            assertViewsShow(place, store);
            Head one = store.append(Head.beforeFirst(Entity.of("a", "one")).append(numbered(0, 3)))
                    .head();
            assertThat(catchThrowable(
                            () -> new RawLedger(place, fixture(), store).insert(Row.voidAt(one.position() + 1))))
                    .isNull();
            mendGenerator(place);
            store.append(
                    Head.beforeFirst(Entity.of("a", "One")).append(numbered(4).withMetadata("[ ]")));
            store.append(one.append(numbered(6)));
            assertThat(store.replay(Selection.all())).hasSize(5);
            assertViewsShow(place, store);
        });
    }

    private void assertViewsShow(Place place, StoreUnderTest store) {
        List<StoredEvent> events = store.replay(Selection.all()).toList();
        Map<Entity, Head> heads = new LinkedHashMap<>();
        events.forEach(event -> {
            heads.remove(event.entity()); // by the position of the newest
            heads.put(event.entity(), event.head());
        });
        for (Role role : Role.values()) {
            LedgerViews views = new LedgerViews(place, dialect(), as(role, place));
            assertThat(views.events()).as("events for %s", role).isEqualTo(events);
            assertThat(views.heads()).as("heads for %s", role).containsExactlyElementsOf(heads.values());
            heads.forEach((entity, head) -> assertThat(views.heads(entity)).containsExactly(head));
        }
    }

    // ---- RPL-4 ----

    @Test
    final void RPL_4_no_connection_is_held_between_pages() {
        Entity entity = entityWith(10);
        withPages(3).replay(entity, event -> assertThat(connections().open()).isZero());
        for (Selection selection :
                List.of(Selection.all().of(entity), Selection.all().of(entity).inReverse())) {
            try (Stream<StoredEvent> events = withPages(3).replay(selection)) {
                events.forEach(event -> assertThat(connections().open()).isZero());
            }
        }
    }

    @Test
    final void RPL_4_few_events_of_a_long_replay_are_in_memory_at_once() {
        Entity entity = entityWith(600);
        StoreUnderTest paged = storeOn(connections(), options().withPageSize(20).withFetchSize(5));
        assertFewAlive(60, paged, entity);
    }

    @Test
    final void RPL_4_few_large_events_are_in_memory_at_once() {
        onLargeEvents((oneByOne, entity) -> assertFewAlive(4, oneByOne, entity));
    }

    @Test
    final void RPL_4_a_replay_of_large_events_is_not_read_ahead() {
        onLargeEvents(ReplayChapter::assertNotReadAhead);
    }

    private static void assertNotReadAhead(StoreUnderTest oneByOne, Entity entity) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        AtomicBoolean first = new AtomicBoolean(true);
        long before = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
        oneByOne.replay(entity, event -> {
            if (first.getAndSet(false)) {
                long allocated =
                        thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                assertThat(allocated)
                        .as("bytes allocated for the first of 16 events of 4 MiB")
                        .isLessThan(48L * 1024 * 1024);
            }
        });
    }

    /** An entity with 16 events of 4 MiB each, apart from the ledger that other tests read whole. */
    private void onLargeEvents(BiConsumer<StoreUnderTest, Entity> test) {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("large", "even"));
            Entity entity = Entity.of("large", "key");
            Head head = Head.beforeFirst(entity);
            for (int i = 0; i < 16; i++) {
                String data = "[" + i + ",\"" + MEBI.repeat(4) + "\"]";
                head = store.append(head.append(NewEvent.of("even", data))).head();
            }
            test.accept(storeOn(place.dataSource(), place.options().withFetchSize(1)), entity);
        });
    }

    private void assertFewAlive(int most, EventStore store, Entity entity) {
        List<WeakReference<StoredEvent>> delivered = new ArrayList<>();
        store.replay(entity, event -> {
            delivered.add(new WeakReference<>(event));
            assertThat(event.revision()).isEqualTo(delivered.size());
            if (delivered.size() % Math.max(1, most / 2) == 0) {
                awaitAtMostAlive(most, delivered);
            }
        });
        delivered.clear();
        store.replay(Selection.all().of(entity)).forEach(event -> {
            delivered.add(new WeakReference<>(event));
            if (delivered.size() % Math.max(1, most / 2) == 0) {
                awaitAtMostAlive(most, delivered);
            }
        });
    }

    /** Asks the collector until it has had its chance. */
    private static void awaitAtMostAlive(int most, List<WeakReference<StoredEvent>> events) {
        long alive = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 50 && alive > most; attempt++) {
            System.gc();
            alive = events.stream().filter(each -> each.get() != null).count();
        }
        assertThat(alive)
                .as("events of %d delivered that are still in memory", events.size())
                .isLessThanOrEqualTo(most);
    }
}
