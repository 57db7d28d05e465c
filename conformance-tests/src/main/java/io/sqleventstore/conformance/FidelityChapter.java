package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.ImportRefused;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.LedgerEntry;
import io.sqleventstore.sql.LedgerImport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chapter FID of the contract. */
abstract class FidelityChapter extends AtomicityChapter {
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    /** Clocks of the database server and of this machine may differ by so much, but not by a time zone. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(2);

    // ---- FID-1 ----

    @Test
    final void FID_1_documents_come_back_to_the_byte() {
        List<String> documents = new ArrayList<>(oddDocuments());
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            documents.add(OddJson.document(random));
        }
        Entity single = newEntity("happened");
        Head head = Head.beforeFirst(single);
        for (String document : documents) {
            head = store().append(head.append(NewEvent.of("happened", document).withMetadata(document)))
                    .head();
        }
        assertDocuments(single, documents);
        Entity batch = newEntity("happened");
        store().append(Head.beforeFirst(batch)
                .append(documents.stream()
                        .map(each -> NewEvent.of("happened", each).withMetadata(each))
                        .toList()));
        assertDocuments(batch, documents);
    }

    private void assertDocuments(Entity entity, List<String> documents) {
        List<StoredEvent> events = store().replay(entity).events();
        assertThat(events).hasSameSizeAs(documents);
        for (int i = 0; i < documents.size(); i++) {
            assertThat(events.get(i).data()).isEqualTo(documents.get(i));
            assertThat(events.get(i).metadata()).isEqualTo(documents.get(i));
        }
        assertThat(store().replay(Selection.all().of(entity)).toList()).isEqualTo(events);
    }

    private static List<String> oddDocuments() {
        List<String> documents = new ArrayList<>(List.of(
                "{}",
                "[]",
                " {} ",
                "\t\r\n [ ] \r\n",
                "{\"b\":1,\"a\":2,\"b\":3}",
                "{\"\":{\"\":0}}",
                "{\"__proto__\":{\"constructor\":null},\"$ref\":\"#\",\"$oid\":1}",
                "[\"\\/\",\"/\",\"\\u00e9\",\"é\",\"e\u0301\",\"\\ud83d\\ude00\",\"😀\",\"\\u0001\",\"\\b\\f\\n\\r\\t\\\"\\\\\"]",
                "[0,-0,0.0,-0.0,0e0,0E-0,1.0,1.00,1e1,1E+01,10,1E-400,-1e308,1.7976931348623157e308,4.9e-324]",
                "[9007199254740993,18446744073709551616,0.1000000000000000055511151231257827]",
                "[\"\u2028\u2029\",\"\u007f\u0080\u0085\u00a0\",\"\ufeff\",\"\ufffe\uffff\",\"\udbff\udfff\"]",
                "[\"שלום\",\"مرحبا\",\"\u202eabc\u202c\",\"a\u200db\u200c\"]",
                "[\"'; DROP TABLE event_ledger; --\",\"?\",\":name\",\"$1\",\"{rows:?}\",\"%_\"]",
                "[\" leading and trailing \",\"\"]",
                "{\"a\" :\r\n\t1 , \"b\":[ true , false , null ] }",
                "[" + "null,".repeat(10_000) + "null]",
                "[0." + "7".repeat(999) + "]",
                "[\"" + "ü".repeat(100_000) + "\"]",
                "[\"" + "\\n".repeat(100_000) + "\"]",
                "[".repeat(30) + "]".repeat(30),
                "{\"a\":[".repeat(15) + "]}".repeat(15)));
        documents.add(keysOfOneHash());
        return documents;
    }

    /** An object whose keys have one and the same hash, by the usual hash functions of text. */
    private static String keysOfOneHash() {
        List<String> pairs = List.of("Aa", "BB");
        List<String> other = List.of("Ab", "BA");
        List<String> members = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            StringBuilder java31 = new StringBuilder();
            StringBuilder bernstein33 = new StringBuilder();
            for (int bit = 0; bit < 9; bit++) {
                java31.append(pairs.get(i >> bit & 1));
                bernstein33.append(other.get(i >> bit & 1));
            }
            members.add("\"" + java31 + "\":0,\"_" + bernstein33 + "\":0");
        }
        return "{" + String.join(",", members) + "}";
    }

    @Test
    final void FID_1_what_is_no_json_document_is_refused_and_nothing_is_stored() {
        for (String document : brokenDocuments()) {
            String shown = document.length() > 60 ? document.substring(0, 60) + "…" : document;
            assertThat(catchThrowable(() -> NewEvent.of("happened", document)))
                    .as("data %s", shown)
                    .isExactlyInstanceOf(InvalidEvent.class)
                    .hasNoCause();
            NewEvent event = NewEvent.of("happened", "{}");
            assertThat(catchThrowable(() -> event.withMetadata(document)))
                    .as("metadata %s", shown)
                    .isExactlyInstanceOf(InvalidEvent.class)
                    .hasNoCause();
        }
    }

    private static List<String> brokenDocuments() {
        List<String> documents = new ArrayList<>(List.of(
                "",
                " ",
                "\n",
                "null",
                "true",
                "false",
                "0",
                "-1.5",
                "\"text\"",
                "{",
                "}",
                "[",
                "]",
                "{]",
                "[}",
                "{}{}",
                "{} {}",
                "[][]",
                "{},",
                ",{}",
                "{}x",
                "{}]",
                "[1 2]",
                "{\"a\" 1}",
                "{\"a\":}",
                "{\"a\"}",
                "{:1}",
                "{1:1}",
                "\u0000{}",
                "{}\u0000",
                "[\u0000]",
                "\ufeff{}",
                "{}\ufeff",
                "\u00a0{}",
                "{}\u00a0",
                "\u000b[]",
                "[]\f",
                "[\u2028]"));
        for (String value : List.of(
                "1,",
                ",1",
                "1,,2",
                ",",
                "/* */1",
                "1//\n",
                "#1",
                "'a'",
                "a",
                "NaN",
                "Infinity",
                "-Infinity",
                "INF",
                "undefined",
                "None",
                "True",
                "NULL",
                "+1",
                "01",
                "-01",
                "00",
                ".5",
                "-.5",
                "1.",
                "1.e1",
                "1e",
                "1e+",
                "--1",
                "-",
                "0x1F",
                "1_000",
                "1e400",
                "-1e400",
                "1" + "0".repeat(309),
                "0." + "7".repeat(1_000),
                "\"a",
                "a\"",
                "\"\\\"",
                "\"\\x41\"",
                "\"\\a\"",
                "\"\\'\"",
                "\"\\u12\"",
                "\"\\u12G4\"",
                "\"\\U0041\"",
                "\"\t\"",
                "\"\n\"",
                "\"\r\"",
                "\"\u0001\"",
                "\"\u001f\"",
                "\"\u0000\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800x\"",
                "\"\\udc00\\ud800\"",
                "\"\ud800\"",
                "\"\udfff\"",
                "\"\\ud83d",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1 \"b\":2}",
                "{\"\\u0000\":1}",
                "{\"\\ud800\":1}",
                "`a`",
                "\"\"\"a\"\"\"",
                "1d",
                "1f",
                "1L",
                "\u0661")) {
            documents.add("[" + value + "]");
            documents.add("{\"a\":" + value + "}");
        }
        for (int depth : new int[] {31, 32, 33, 65, 1_000, 100_000}) {
            documents.add("[".repeat(depth) + "]".repeat(depth));
            documents.add("{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1));
        }
        return documents;
    }

    @Test
    final void FID_1_documents_may_have_16_MiB_of_utf8_and_no_byte_more() {
        for (String character : List.of("x", "é", "한", "😀")) {
            String largest = documentOf(MOST_BYTES, character);
            assertThat(largest.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .hasSize(MOST_BYTES);
            StoredEvent stored = storedAlone(NewEvent.of("happened", largest));
            assertThat(stored.data().equals(largest))
                    .as("same 16 MiB of %s", character)
                    .isTrue();
            String larger = documentOf(MOST_BYTES + 1, character);
            assertThatThrownBy(() -> NewEvent.of("happened", larger)).isExactlyInstanceOf(InvalidEvent.class);
        }
    }

    @Test
    final void FID_1_data_and_metadata_may_both_be_of_the_largest_size() {
        String largest = documentOf(MOST_BYTES, "x");
        StoredEvent stored = storedAlone(NewEvent.of("happened", largest).withMetadata(largest));
        assertThat(stored.data().equals(largest)).isTrue();
        assertThat(largest.equals(stored.metadata())).isTrue();
    }

    /** The event as it is read again, apart from the ledger that other tests read whole. */
    private StoredEvent storedAlone(NewEvent event) {
        List<StoredEvent> stored = new ArrayList<>();
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("large", "happened"));
            Entity entity = Entity.of("large", "key");
            store.append(Head.beforeFirst(entity).append(event));
            store.replay(entity, stored::add);
        });
        return stored.get(0);
    }

    private static String documentOf(int bytes, String character) {
        int each = character.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        int room = bytes - 4;
        return "[\"" + character.repeat(room / each) + "y".repeat(room % each) + "\"]";
    }

    @Test
    final void FID_1_no_metadata_and_empty_metadata_are_told_apart() {
        Entity entity = newEntity("happened");
        NewEvent event = NewEvent.of("happened", "{}");
        store().append(Head.beforeFirst(entity).append(event, event.withMetadata("{}"), event.withMetadata("[]")));
        assertThat(store().replay(entity).events())
                .extracting(StoredEvent::metadata)
                .containsExactly(null, "{}", "[]");
    }

    @Test
    final void FID_1_the_database_itself_refuses_what_is_no_json_object_or_array() throws SQLException {
        String entityName = newEntityName("happened");
        for (String document : List.of("{", "[1", "{\"a\":1,}", "{a:1}", "no", "1", "\"a\"", "null", "true", "")) {
            assertThatThrownBy(() -> insertByHand(entityName, document, "{}"))
                    .as("data " + document)
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> insertByHand(entityName, "{}", document))
                    .as("metadata " + document)
                    .isInstanceOf(SQLException.class);
        }
        assertThat(all(entityName)).isEmpty();
        // the very same statement is taken where the documents are
        insertByHand(entityName, "{\"a\":[1]}", "[2]");
        assertThat(all(entityName)).extracting(StoredEvent::data).containsExactly("{\"a\":[1]}");
    }

    /** Inserts the first event of an entity; the documents are part of the statement, as a client's shell would send them. */
    private void insertByHand(String entityName, String data, String metadata) throws SQLException {
        String columns = "event_id, entity, entity_key, revision, event, append_key, append_index, data, metadata";
        String sql = "INSERT INTO %s (%s) VALUES (?, '%s', 'key', 1, 'happened', '%s', 0, '%s', '%s')"
                .formatted(table("event_ledger"), columns, entityName, unique("by-hand"), data, metadata);
        try (Connection connection = place().dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setObject(1, dialect().bind(UUID.randomUUID()));
            insert.executeUpdate();
        }
    }

    // ---- FID-2 ----

    @Test
    final void FID_2_names_and_keys_of_all_of_unicode_come_back_as_given() {
        List<String> texts = oddTexts();
        for (String text : texts) {
            String name = text.length() > 64 ? unique("entity") : text;
            String event = text.length() > 64 ? "happened" : text;
            store().register(EntityType.of(name, event));
            Entity entity = Entity.of(name, text);
            String appendKey = text;
            AppendResult result = store().append(Head.beforeFirst(entity)
                    .append(NewEvent.of(event, "{}"))
                    .withKey(appendKey));
            StoredEvent stored = store().replay(entity).events().get(0);
            assertThat(stored.head()).isEqualTo(result.head());
            assertThat(stored.entity()).isEqualTo(entity);
            assertThat(stored.name()).isEqualTo(event);
            assertThat(stored.appendKey()).isEqualTo(text);
            Selection selection = Selection.all().of(entity).named(event);
            assertThat(store().replay(selection)).containsExactly(stored);
        }
        List<String> shortEnough =
                texts.stream().filter(each -> each.length() <= 64).toList();
        assertThat(store().registered()).extracting(EntityType::name).containsAll(shortEnough);
    }

    private static List<String> oddTexts() {
        List<String> texts = new ArrayList<>(List.of(
                "ab",
                "aB",
                "Ab",
                "é",
                "e\u0301",
                "ß",
                "ss",
                "SS",
                "İ",
                "ı",
                "ﬁ",
                "Å",
                "\u212b",
                "A\u030a",
                "😀",
                "😀".repeat(32),
                "x".repeat(64),
                "한".repeat(64),
                "e\u0301".repeat(32),
                "x".repeat(255),
                "한".repeat(255),
                "😀".repeat(127) + "x",
                "שלום",
                "مرحبا",
                "\u202eabc",
                "a\u200db",
                "\u200bzero width",
                "zero width\u200b",
                "\ufeffmark",
                "a~b",
                "b~",
                "\u0001",
                "a\u001ba",
                "\u007f",
                "\u0080",
                "\ufffe",
                "\uffff",
                "\udbff\udfff",
                "'",
                "''",
                "\"",
                "\\",
                "%",
                "_",
                "a%b_c",
                "?",
                ":name",
                "$1",
                "{p}",
                "{rows:?}",
                "--",
                "/*",
                "; DROP TABLE",
                "NULL",
                "null",
                "\u180e",
                "\u2060"));
        // white space is welcome, but not at the ends
        whiteSpace().forEach(space -> texts.add("a" + space + "b"));
        return texts.stream()
                .map(each -> each.length() < 60 ? "t" + each : each)
                .toList();
    }

    private static List<String> whiteSpace() {
        return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(each -> Character.isWhitespace(each) || Character.isSpaceChar(each) || each == 0x85)
                .mapToObj(Character::toString)
                .toList();
    }

    @Test
    final void FID_2_names_and_keys_that_some_database_would_not_keep_are_refused() {
        List<String> texts = new ArrayList<>(List.of(
                "",
                "~",
                "~a",
                "~void",
                "~void:1",
                "\u0000",
                "a\u0000",
                "\u0000a",
                "a\u0000b",
                "\ud800",
                "\udc00",
                "a\ud800",
                "\udc00a",
                "a\ud83db",
                "\ude00\ud83d",
                "\ud83d\ud83d\ude00",
                "x".repeat(256),
                "😀".repeat(128),
                "x".repeat(100_000)));
        whiteSpace().forEach(space -> texts.addAll(List.of(space, space + "a", "a" + space, space + space)));
        assertThat(texts).hasSizeGreaterThan(100);
        for (String text : texts) {
            uses().forEach((use, call) -> assertRefused(use, call, text));
        }
    }

    @Test
    final void FID_2_names_have_64_and_keys_255_utf16_code_units_at_most() {
        for (String text : List.of("x".repeat(65), "😀".repeat(32) + "x", "한".repeat(65), "x".repeat(255))) {
            uses().forEach((use, call) -> {
                if (use.contains("key")) {
                    call.accept(text);
                } else {
                    assertRefused(use, call, text);
                }
            });
        }
        for (String text : List.of("x", "x".repeat(64), "😀".repeat(32))) {
            uses().forEach((use, call) -> call.accept(text));
        }
    }

    private static void assertRefused(String use, Consumer<String> call, String text) {
        String shown = text.length() > 40
                ? text.length() + " characters"
                : text.codePoints().boxed().toList().toString();
        assertThat(catchThrowable(() -> call.accept(text)))
                .as("%s of code points %s", use, shown)
                .isExactlyInstanceOf(InvalidEvent.class)
                .hasNoCause();
    }

    /** Wherever a name or a key is given. */
    private static Map<String, Consumer<String>> uses() {
        Append append = Head.beforeFirst(Entity.of("entity", "key")).append(NewEvent.of("happened", "{}"));
        Map<String, Consumer<String>> uses = new LinkedHashMap<>();
        uses.put("entity name", text -> Entity.of(text, "key"));
        uses.put("entity key", text -> Entity.of("entity", text));
        uses.put("append key", append::withKey);
        uses.put("event name", text -> NewEvent.of(text, "{}"));
        uses.put("registered entity name", text -> EntityType.of(text, "happened"));
        uses.put("registered event name", text -> EntityType.of("entity", "happened", text));
        uses.put("selected entity name", text -> Selection.all().ofEntity(text));
        uses.put("selected key", text -> Selection.all().ofEntity("entity", "key", text));
        uses.put("selected event name", text -> Selection.all().named("happened", text));
        return uses;
    }

    // ---- FID-3 ----

    @Test
    final void FID_3_recorded_at_is_the_time_of_the_append_in_utc() {
        Entity entity = newEntity("happened");
        List<Instant> times = timesOfAppends(entity, 50);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i)).isAfterOrEqualTo(times.get(i - 1).minus(CLOCK_TOLERANCE));
        }
        long unit = fixture().timePrecision().toNanos();
        assertThat(times)
                .as("counted in %s", fixture().timePrecision())
                .allMatch(time -> time.get(ChronoField.NANO_OF_SECOND) % unit == 0);
        assertThat(times)
                .as("not counted any coarser")
                .anyMatch(time -> time.get(ChronoField.NANO_OF_SECOND) % (10 * unit) != 0);
    }

    @Test
    final void FID_3_recorded_at_survives_any_time_zone() {
        TimeZone before = TimeZone.getDefault();
        Map<Entity, List<Instant>> written = new LinkedHashMap<>();
        List<String> zones =
                List.of("UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Pacific/Pago_Pago");
        try {
            for (String zone : zones) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                Entity entity = newEntity("happened");
                written.put(entity, timesOfAppends(entity, 2));
            }
            for (String zone : zones) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                written.forEach(
                        (entity, times) -> assertThat(recordedAt(entity)).isEqualTo(times));
            }
        } finally {
            TimeZone.setDefault(before);
        }
        written.forEach((entity, times) -> assertThat(recordedAt(entity)).isEqualTo(times));
    }

    /** Appends so often and asserts that each time is now; the times. */
    private List<Instant> timesOfAppends(Entity entity, int appends) {
        Head head = Head.beforeFirst(entity);
        Instant before = Instant.now();
        for (int i = 0; i < appends; i++) {
            head = store().append(head.append(NewEvent.of("happened", "{}"))).head();
        }
        Instant after = Instant.now();
        List<Instant> times = recordedAt(entity);
        assertThat(times)
                .hasSize(appends)
                .allSatisfy(
                        time -> assertThat(time).isBetween(before.minus(CLOCK_TOLERANCE), after.plus(CLOCK_TOLERANCE)));
        return times;
    }

    private List<Instant> recordedAt(Entity entity) {
        return store().replay(entity).events().stream()
                .map(event -> requireNonNull(event.recordedAt()))
                .toList();
    }

    // ---- FID-4 ----

    private static final EntityType IMPORTED = EntityType.of("imported", "happened");

    /** Two entities whose events interleave, of one append, and voids: some at the end. */
    private static List<LedgerEntry> ledger() {
        StoredEvent first = imported(1, "a", 1, null, "one", 0);
        StoredEvent other = imported(4, "ü😀", 1, null, "one", 1);
        StoredEvent second = imported(5, "a", 2, first.id(), "two", 0);
        List<LedgerEntry> entries = new ArrayList<>();
        entries.add(new LedgerEntry.Event(first));
        entries.add(new LedgerEntry.VoidEntry(2, new UUID(-7, 2)));
        entries.add(new LedgerEntry.VoidEntry(3, new UUID(-7, 3)));
        entries.add(new LedgerEntry.Event(other));
        entries.add(new LedgerEntry.Event(second));
        entries.add(new LedgerEntry.VoidEntry(6, new UUID(-7, 6)));
        StoredEvent before = second;
        for (int i = 7; i < 1_300; i++) { // more than one page, and more than one batch
            before = imported(i, "a", before.revision() + 1, before.id(), "k" + i, 0);
            entries.add(new LedgerEntry.Event(before));
        }
        entries.add(new LedgerEntry.VoidEntry(1_300, new UUID(-7, 1_300)));
        return entries;
    }

    private static StoredEvent imported(
            long position, String key, long revision, @Nullable UUID previous, String appendKey, int appendIndex) {
        Instant time = Instant.parse("2026-03-29T02:30:06.789Z").plus(position * 1_001, ChronoUnit.MICROS);
        String data = "{ \"n\" : 1.0, \"ü\":\"\\u00e9\" }";
        return new StoredEvent(
                position,
                new UUID(position, revision),
                Entity.of(IMPORTED.name(), key),
                revision,
                previous,
                "happened",
                appendKey,
                appendIndex,
                data,
                position % 2 == 0 ? null : " [ ] ",
                time);
    }

    private LedgerImport importInto(Place there) {
        LedgerImport into = LedgerImport.into(there.dataSource(), dialect(), there.options());
        into.register(List.of(IMPORTED));
        return into;
    }

    private static LedgerImport finish(LedgerImport into, List<LedgerEntry> entries) {
        entries.forEach(into::add);
        into.finish();
        return into;
    }

    @Test
    final void FID_4_times_that_the_clocks_of_a_zone_leave_out_are_imported_as_they_are() {
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin")); // where it was never half past two on that day
            List<LedgerEntry> entries = ledger();
            onEmptyStore((there, store) -> {
                finish(importInto(there), entries);
                assertThat(store.entries().toList()).isEqualTo(entries);
            });
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    final void FID_4_an_imported_ledger_is_the_same_and_goes_on() {
        List<LedgerEntry> entries = ledger();
        onEmptyStore((there, store) -> {
            assertThat(finish(importInto(there), entries).stored()).isEqualTo(entries.size());
            assertThat(store.entries().toList()).isEqualTo(entries);
            for (int size : new int[] {1, 2, 7}) { // one by one, a void is a page
                StoreUnderTest paged =
                        storeOn(there.dataSource(), there.options().withPageSize(size));
                assertThat(paged.entries().limit(50)).isEqualTo(entries.subList(0, 50));
            }
            assertThat(store.registered()).containsExactly(IMPORTED);
            assertThat(store.verify().clean()).isTrue();
            Head head = store.append(
                            store.replay(Entity.of(IMPORTED.name(), "a")).append(NewEvent.of("happened", "{}")))
                    .head();
            assertThat(head.position()).isGreaterThan(entries.size());
            assertThat(storeOn(there.dataSource(), there.options()).entries().count())
                    .isEqualTo(head.position());
        });
    }

    @Test
    final void FID_4_an_import_that_broke_off_is_repeated_and_stores_once() {
        List<LedgerEntry> entries = ledger();
        onEmptyStore((there, store) -> {
            LedgerImport broken = importInto(there);
            entries.subList(0, 1_100).forEach(broken::add);
            assertThat(broken.stored()).isEqualTo(1_000);
            assertThat(finish(importInto(there), entries).stored()).isEqualTo(entries.size() - 1_000);
            assertThat(finish(importInto(there), entries).stored()).isZero();
            assertThat(store.entries().toList()).isEqualTo(entries);
        });
    }

    @Test
    final void FID_4_what_does_not_fit_is_refused() {
        List<LedgerEntry> entries = ledger();
        List<LedgerEntry> begin = entries.subList(0, 5);
        onEmptyStore((there, store) -> {
            assertRefused(() -> importInto(there).add(entries.get(1))); // not the first position
            List<LedgerEntry> cut = new ArrayList<>(begin.subList(0, 1));
            cut.addAll(entries.subList(3, 5)); // a hole
            assertRefused(() -> finish(importInto(there), cut));
            List<LedgerEntry> unlinked = new ArrayList<>(begin.subList(0, 4));
            unlinked.add(new LedgerEntry.Event(imported(5, "a", 2, new UUID(9, 9), "two", 0)));
            assertRefused(() -> finish(importInto(there), unlinked));
            LedgerEntry fine = new LedgerEntry.Event(finer(imported(1, "a", 1, null, "one", 0)));
            assertRefused(() -> finish(importInto(there), List.of(fine)));
            assertThat(store.entries()).isEmpty();

            finish(importInto(there), begin);
            assertRefused(() -> finish(importInto(there), begin.subList(0, 4))); // the ledger goes on
            List<LedgerEntry> another = new ArrayList<>(begin);
            another.set(
                    4, new LedgerEntry.Event(imported(5, "a", 2, ((LedgerEntry.Event) begin.get(0)).id(), "other", 0)));
            assertRefused(() -> finish(importInto(there), another));
            List<LedgerEntry> anotherVoid = new ArrayList<>(begin);
            anotherVoid.set(1, new LedgerEntry.VoidEntry(2, new UUID(9, 9)));
            assertRefused(() -> finish(importInto(there), anotherVoid));
            assertThat(store.entries().toList()).isEqualTo(begin);
        });
    }

    /** With a time that no ledger keeps to the last digit. */
    private static StoredEvent finer(StoredEvent event) {
        return new StoredEvent(
                event.position(),
                event.id(),
                event.entity(),
                event.revision(),
                event.previousId(),
                event.name(),
                event.appendKey(),
                event.appendIndex(),
                event.data(),
                event.metadata(),
                event.recordedAt().plusNanos(1));
    }

    private static void assertRefused(ThrowingCallable importing) {
        assertThatThrownBy(importing).isInstanceOf(ImportRefused.class);
    }
}
