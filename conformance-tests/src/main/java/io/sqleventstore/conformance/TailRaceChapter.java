package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.TransactionMustRestart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chapter TAIL of the contract, under load: what each consumer gets has to be what a later replay shows. */
abstract class TailRaceChapter extends TailChapter {
    private static final int PROCESSES = 4;
    private static final int THREADS = 8;
    private static final int WRITERS = 4;
    private static final int KILLS = 20;
    private static final Duration WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** How long the processes write; the property {@code certify.tail.seconds} makes it longer. */
    private static final Duration WRITING = Duration.ofSeconds(Integer.getInteger("certify.tail.seconds", 4));

    // ---- consumers ----

    /** What a consumer gets while somebody writes, and after that until nothing comes. */
    private interface Consumer {
        List<StoredEvent> follow(Selection selection, BooleanSupplier writing) throws Exception;
    }

    private List<StoredEvent> fromTheBeginning(Selection selection, Cursor from, BooleanSupplier writing) {
        Tail tail = storeOn(connections(), options()).tail(selection, from);
        List<StoredEvent> events = new ArrayList<>();
        while (writing.getAsBoolean()) {
            events.addAll(tail.next(WAIT).events());
        }
        events.addAll(toTheEnd(tail));
        return events;
    }

    /** A follower that is a new process, as it were, after each page. */
    private List<StoredEvent> fromCursorToCursor(Selection selection, Cursor from, BooleanSupplier writing) {
        StoreUnderTest follower = storeOn(as(Role.FOLLOWER, place()), options());
        TailOptions small = TailOptions.defaults().withPageSize(50);
        List<StoredEvent> events = new ArrayList<>();
        Cursor cursor = from;
        while (writing.getAsBoolean()) {
            Tail.Page page = follower.tail(selection, cursor, small).next(WAIT);
            events.addAll(page.events());
            cursor = new Cursor(page.cursor().token());
        }
        events.addAll(toTheEnd(follower.tail(selection, cursor)));
        return events;
    }

    private Map<String, Consumer> consumers(Cursor from, Duration later) {
        Map<String, Consumer> consumers = new LinkedHashMap<>();
        consumers.put("from the beginning", (selection, writing) -> fromTheBeginning(selection, from, writing));
        consumers.put("from cursor to cursor", (selection, writing) -> fromCursorToCursor(selection, from, writing));
        consumers.put("one that starts late", (selection, writing) -> {
            Thread.sleep(later.toMillis());
            return fromTheBeginning(selection, from, writing);
        });
        return consumers;
    }

    /** Runs writers and consumers against each other and asserts that each consumer got what a replay shows. */
    private List<StoredEvent> assertFollowed(
            String name, Map<String, Consumer> consumers, int writers, Race.Task<Boolean> writer) {
        Selection selection = Selection.all().ofEntity(name);
        CountDownLatch atWork = new CountDownLatch(writers);
        Map<String, List<StoredEvent>> got = new ConcurrentHashMap<>();
        List<String> names = List.copyOf(consumers.keySet());
        List<Race.Outcome<Boolean>> outcomes = Race.run(writers + names.size(), LONGEST, number -> {
            if (number < writers) {
                try {
                    return writer.run(number);
                } finally {
                    atWork.countDown();
                }
            }
            String consumer = names.get(number - writers);
            Consumer follows = Objects.requireNonNull(consumers.get(consumer));
            return got.put(consumer, follows.follow(selection, () -> atWork.getCount() > 0)) == null;
        });
        assertThat(outcomes).as("writers and consumers that came to their end").allMatch(Race.Outcome::won);
        List<StoredEvent> ledger = all(name);
        names.forEach(each ->
                assertThat(ids(got.getOrDefault(each, List.of()))).as(each).isEqualTo(ids(ledger)));
        names.forEach(each -> assertThat(got.get(each)).as(each).isEqualTo(ledger));
        return ledger;
    }

    private static List<UUID> ids(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::id).toList();
    }

    // ---- TAIL-1 ----

    @Test
    final void TAIL_1_what_writers_in_four_processes_store_reaches_every_consumer_once_and_in_order(
            @TempDir Path folder) throws Exception {
        String name = newEntityName("happened");
        Cursor from = end();
        PositionReader control = new PositionReader(place(), dialect(), name);
        List<UUID> seenByControl = Collections.synchronizedList(new ArrayList<>());
        Map<String, Consumer> consumers = consumers(from, WRITING.dividedBy(2));
        consumers.put("control", (selection, writing) -> {
            while (writing.getAsBoolean()) {
                seenByControl.addAll(control.next());
            }
            seenByControl.addAll(control.next());
            return all(name);
        });
        List<StoredEvent> ledger = assertFollowed(name, consumers, PROCESSES, number -> process(number, name, folder));

        assertThat(ids(ledger)).containsExactlyInAnyOrderElementsOf(acknowledged(folder));
        assertThat(store().replay(Selection.all().ofEntity(name)))
                .as("which settles what was drawn last and rolled back")
                .hasSameSizeAs(ledger);
        RawLedger raw = new RawLedger(place(), fixture(), store());
        assertThat(raw.rows()).as("positions have no hole").isEqualTo(raw.lastPosition());
        assertThat(store().verify().clean()).isTrue();
        Set<UUID> missed = new HashSet<>(ids(ledger));
        seenByControl.forEach(missed::remove);
        System.out.printf(
                "%s: %d writers in %d processes for %d s stored %d events; %d consumers missed none, doubled none, in order;"
                        + " a reader by `position > ?` missed %d%n",
                dialect().name(),
                PROCESSES * THREADS,
                PROCESSES,
                WRITING.toSeconds(),
                ledger.size(),
                consumers.size() - 1,
                missed.size());
        assertThat(missed.isEmpty())
                .as("whether the control is right, as it is only where writers take turns")
                .isEqualTo(fixture().writersTakeTurns());
    }

    private boolean process(int number, String name, Path folder) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-D" + APPENDS_PER_COMMIT + "=" + appendsPerCommit(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writers.class.getName(),
                        dialect().getClass().getName(),
                        options().schema(),
                        options().prefix(),
                        name,
                        WRITING.toString(),
                        String.valueOf(THREADS),
                        String.valueOf(1_000 * number))
                .redirectOutput(folder.resolve("acknowledged" + number).toFile())
                .redirectError(folder.resolve("errors" + number).toFile());
        // not an argument, which every user of the machine could read
        builder.environment().put(Writers.URL, place().urls().apply(Role.APPENDER));
        Process process = server().start(builder);
        try {
            assertThat(process.waitFor(WRITING.toSeconds() + 120, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(folder.resolve("errors" + number)))
                    .isZero();
            return true;
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<UUID> acknowledged(Path folder) throws IOException {
        List<UUID> ids = new ArrayList<>();
        for (int number = 0; number < PROCESSES; number++) {
            Files.readAllLines(folder.resolve("acknowledged" + number)).forEach(id -> ids.add(UUID.fromString(id)));
        }
        return ids;
    }

    @Test
    final void TAIL_1_at_every_isolation_level_of_every_session_each_consumer_gets_everything_in_order() {
        for (int level : isolationLevels()) {
            String name = newEntityName("happened");
            Cursor from = end();
            StoreUnderTest atLevel = storeOn(atLevel(connections(), level), options());
            Writers writers = new Writers(dialect(), atLevel, atLevel(joining(), level), name);
            Map<String, Consumer> consumers = consumers(from, Duration.ofMillis(300));
            consumers.put("at the level", (selection, writing) -> {
                Tail tail = atLevel.tail(selection, from);
                List<StoredEvent> events = new ArrayList<>();
                while (writing.getAsBoolean()) {
                    events.addAll(tail.next(WAIT).events());
                }
                events.addAll(toTheEnd(tail));
                return events;
            });
            List<StoredEvent> ledger = assertFollowed(name, consumers, WRITERS, number -> {
                writers.write(Duration.ofMillis(700), new Random(level * 100L + number));
                return true;
            });
            assertThat(ids(ledger))
                    .as("at level " + level)
                    .hasSizeGreaterThan(WRITERS)
                    .containsExactlyInAnyOrderElementsOf(
                            writers.acknowledged().stream().map(Head::eventId).collect(Collectors.toList()));
        }
    }

    @Test
    final void TAIL_1_TAIL_2_writers_that_are_killed_in_mid_transaction_leave_nothing_and_hold_up_nobody() {
        String name = newEntityName("happened");
        Writers others = new Writers(dialect(), store(), joining(), name);
        AtomicInteger storedByVictims = new AtomicInteger();
        List<StoredEvent> ledger = assertFollowed(name, consumers(end(), Duration.ofMillis(300)), WRITERS, number -> {
            if (number > 0) {
                others.write(Duration.ofSeconds(2), new Random(number));
                return true;
            }
            for (int victim = 0; victim < KILLS; victim++) {
                storedByVictims.addAndGet(writeAndBeKilled(name, victim % 2 == 0));
            }
            return true;
        });
        assertThat(storedByVictims).hasValueGreaterThanOrEqualTo(KILLS);
        assertThat(others.acknowledged()).hasSizeGreaterThan(WRITERS);
        assertThat(ledger).hasSize(others.acknowledged().size() + storedByVictims.get());
        assertThat(ids(ledger))
                .containsAll(others.acknowledged().stream().map(Head::eventId).collect(Collectors.toList()));
    }

    /** Dies before its commit, and if it may repeats its append; returns how many events it has stored. */
    private int writeAndBeKilled(String name, boolean repeats) throws SQLException {
        Append append = Head.beforeFirst(Entity.of(name, unique("victim"))).append(HAPPENED, HAPPENED);
        Connection victim = joining().getConnection();
        try {
            victim.setAutoCommit(false);
            assertThat(joinPersistently(victim, append).heads()).hasSize(2);
            fixture().kill(victim, server());
            assertThat(victim.isValid(1)).as("whether it still lives").isFalse();
        } finally {
            closeKilled(victim);
        }
        if (!repeats) {
            return 0;
        }
        assertThat(store().append(append).repeated())
                .as("nothing of it was kept")
                .isFalse();
        return append.size();
    }

    /** In a transaction that is begun again as often as the database asks for it. */
    private AppendResult joinPersistently(Connection connection, Append append) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return store().join(connection).append(append);
            } catch (TransactionMustRestart busy) {
                assertThat(attempt).as("attempts").isLessThan(100);
                connection.rollback();
            }
        }
    }

    private static void closeKilled(Connection connection) {
        try {
            connection.close();
        } catch (SQLException dead) {
            return; // a driver may say that there is nothing to close
        }
    }
}
