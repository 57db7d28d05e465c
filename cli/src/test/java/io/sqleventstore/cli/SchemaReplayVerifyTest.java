package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says about a ledger, next to what the library and the raw tables say. */
class SchemaReplayVerifyTest {
    private static final Entity FIRST = Entity.of("game", "apr-7");
    private static final Entity SECOND = Entity.of("game", "apr-8");
    private static final Entity PLAYER = Entity.of("player", "p\n1");

    @TempDir
    private Path temp;

    private String url = "";

    /** Positions 1 to 3 are the first game's, 4 and 5 the second's, 6 the player's. */
    @BeforeEach
    void fill() {
        url = "jdbc:sqlite:" + temp.resolve("events.db");
        withStore(store -> {
            store.register(EntityType.of("game", "started", "played"), EntityType.of("player", "joined", "played"));
            NewEvent started = NewEvent.of("started", "{\"n\": 2.0, \"e\": 1E2, \"n\": -0}");
            NewEvent played = NewEvent.of("played", "[\n1,\r\n2.0]").withMetadata("{\"by\":\n\"\\u00fc\u2028\"}");
            store.append(Head.beforeFirst(FIRST).append(started, played, played).withKey("one"));
            store.append(Head.beforeFirst(SECOND).append(started, played).withKey("two"));
            store.append(
                    Head.beforeFirst(PLAYER).append(NewEvent.of("joined", "{}")).withKey("three"));
            return store;
        });
    }

    private <T> T withStore(Function<SqlEventStore, T> action) {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            SqlSchema.of(pool).install();
            return action.apply(SqlEventStore.open(pool));
        }
    }

    private Run on(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--url", url));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private void assertSame(UnaryOperator<Selection> selection, String... options) {
        List<StoredEvent> expected = withStore(
                store -> store.replay(selection.apply(Selection.all())).toList());
        Run run = on("replay", options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<Map<String, Object>> events = Json.lines(run.out());
        assertThat(events).hasSameSizeAs(expected);
        List<String> lines = run.out().lines().toList();
        for (int i = 0; i < expected.size(); i++) {
            StoredEvent event = expected.get(i);
            assertThat(events.get(i))
                    .containsEntry("position", String.valueOf(event.position()))
                    .containsEntry("id", event.id().toString())
                    .containsEntry("entity", event.entity().name())
                    .containsEntry("key", event.entity().key())
                    .containsEntry("revision", String.valueOf(event.revision()))
                    .containsEntry("previousId", String.valueOf(event.previousId()))
                    .containsEntry("event", event.name())
                    .containsEntry("appendKey", event.appendKey())
                    .containsEntry("appendIndex", String.valueOf(event.appendIndex()))
                    .containsEntry("recordedAt", event.recordedAt().toString());
            assertThat(lines.get(i)).contains("\"data\":" + oneLine(event.data()) + ",\"metadata\":");
        }
    }

    private static String oneLine(String document) {
        return document.replace('\n', ' ').replace('\r', ' ');
    }

    /** The changes past the library that the triggers would refuse. */
    private void damage(String... statements) {
        List<String> all = new ArrayList<>(List.of(
                "PRAGMA ignore_check_constraints = ON",
                "DROP TRIGGER event_ledger_guard",
                "DROP TRIGGER event_ledger_no_update",
                "DROP TRIGGER event_ledger_no_delete"));
        all.addAll(List.of(statements));
        Run.sql(url, all.toArray(String[]::new));
    }

    private void assertVerifyFinds(String... parts) {
        Run run = on("verify");
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(run.out()).contains(parts).contains("NOT CLEAN");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void replaySelectsWhatTheLibrarySelects() {
        assertSame(all -> all);
        assertSame(all -> all.ofEntity("game"), "--entity", "game");
        assertSame(all -> all.ofEntity("game", "apr-8"), "--entity", "game", "--key", "apr-8");
        assertSame(
                all -> all.ofEntity("game", "apr-8", "apr-7"), "--entity", "game", "--key", "apr-8", "--key", "apr-7");
        assertSame(all -> all.ofEntity("player", "p\n1"), "--entity", "player", "--key", "p\n1");
        assertSame(all -> all.named("played"), "--event", "played");
        assertSame(all -> all.named("started", "joined"), "--event", "started", "--event", "joined");
        assertSame(all -> all.ofEntity("player").named("played"), "--entity", "player", "--event", "played");
        assertSame(all -> all.from(2).to(4), "--from", "2", "--to", "4");
        assertSame(all -> all.from(7), "--from", "7");
        assertSame(all -> all.inReverse(), "--backwards");
        assertSame(all -> all.inReverse().from(2).limit(3), "--backwards", "--from", "2", "--limit", "3");
        assertSame(all -> all.limit(0), "--limit", "0");
    }

    @Test
    void dataIsOneLineAndOtherwiseAsStored() {
        Run run = on("replay");

        assertThat(run.out())
                .hasLineCount(6)
                .contains("\"data\":{\"n\": 2.0, \"e\": 1E2, \"n\": -0},")
                .contains("\"data\":[ 1,  2.0],\"metadata\":{\"by\": \"\\u00fc\u2028\"},")
                .contains("\"key\":\"p\\n1\"");
    }

    @Test
    void aKeyThatBeginsWithAnAtSignIsNoFileOfArguments() throws IOException {
        String key = "@" + Files.writeString(temp.resolve("arguments"), "apr-7");
        withStore(store -> store.append(Head.beforeFirst(Entity.of("game", key))
                .append(NewEvent.of("started", "{}"))
                .withKey("four")));

        assertSame(all -> all.ofEntity("game", key), "--entity", "game", "--key", key);
    }

    @Test
    void theStatementsPrintedAreTheTablesInstalled() {
        for (String prefix : List.of("", "my_")) {
            Run script = Run.of("schema", "print", "--dialect", "sqlite", "--prefix", prefix);
            Path file = temp.resolve("by-hand-" + prefix);
            Run.script("jdbc:sqlite:" + file, script.out());
            Run status = Run.of("schema", "status", "--url", "jdbc:sqlite:" + file, "--prefix", prefix);
            assertThat(status.exitCode()).as(status.out() + status.err()).isZero();
            Run postgres = Run.of("schema", "print", "--dialect", "postgres", "--prefix", prefix);
            assertThat(postgres.exitCode()).isZero();
            assertThat(postgres.out())
                    .contains("CREATE TABLE " + prefix + "event_ledger")
                    .contains("CREATE TABLE " + prefix + "event_registry")
                    .doesNotContain("{p}", "{n}");
        }
    }

    @Test
    void tablesOfAnEarlierReleaseAreUpgradedByInstallOrByTheStatementsPrinted() {
        String all = Run.of("schema", "print", "--dialect", "sqlite").out();
        String upgrade = Run.of("schema", "print", "--dialect", "sqlite", "--from-version", "1")
                .out();
        assertThat(all).endsWith("\n\n" + upgrade);
        String first = all.substring(0, all.length() - upgrade.length());
        for (String way : List.of("install", "by hand")) {
            String file = "jdbc:sqlite:" + temp.resolve("first " + way);
            Run.script(file, first);
            Run older = Run.of("schema", "status", "--url", file);
            assertThat(older.exitCode()).isEqualTo(ExitCode.FOUND_WRONG);
            assertThat(older.out()).startsWith("older: ").contains("'eventstore schema install' upgrades");
            assertThat(Run.of("verify", "--url", file).err()).contains("eventstore schema install");
            if (way.equals("install")) {
                Run install = Run.of("schema", "install", "--url", file);
                assertThat(install.out()).startsWith("The tables are upgraded to version 2 from version 1.");
            } else {
                Run.script(file, upgrade);
            }
            assertThat(Run.of("schema", "status", "--url", file).out()).startsWith("current: ");
            assertThat(Run.of("verify", "--url", file).exitCode()).isZero();
        }
    }

    @Test
    void whatLeadsToTheVersionThereIsIsPrintedAndNothingElse() {
        Run current = Run.of("schema", "print", "--dialect", "sqlite", "--from-version", "2");
        assertThat(current.exitCode()).isZero();
        assertThat(current.out()).isEmpty();
        for (String unknown : List.of("3", "-1", "x")) {
            assertThat(Run.of("schema", "print", "--dialect", "sqlite", "--from-version", unknown)
                            .exitCode())
                    .isEqualTo(ExitCode.USAGE);
        }
        assertThat(Run.of("schema", "print", "--dialect", "postgres", "--from-version", "1", "--grants")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void verifyFindsAPreviousIdThatWasChanged() {
        assertThat(on("verify").exitCode()).isZero();
        damage("UPDATE event_ledger SET previous_id = randomblob(16) WHERE position = 3");

        assertVerifyFinds("VIOLATED ORD-1 ORD-2 ORD-3 ORD-5", "position 3: the previous id is not the event before");
    }

    @Test
    void verifyFindsAPreviousIdOfAnotherEntity() {
        damage("UPDATE event_ledger SET previous_id = (SELECT event_id FROM event_ledger WHERE position = 1)"
                + " WHERE position = 5");

        assertVerifyFinds("VIOLATED ORD-1 ORD-2 ORD-3 ORD-5", "position 5: the previous id is not the event before");
    }

    @Test
    void verifyFindsADeletedEventInTheMiddleOfAHistoryAndOfAnAppend() {
        damage("DELETE FROM event_ledger WHERE position = 2");

        assertVerifyFinds(
                "VIOLATED ORD-1 ORD-2 ORD-3 ORD-5",
                "position 3: the revision is not the one before plus 1",
                "VIOLATED DUP-1 DUP-3",
                "position 3: the append key has a gap");
    }

    @Test
    void verifyFindsAnEventThatIsNotRegistered() {
        damage("UPDATE event_ledger SET event = 'cheated' WHERE position = 4");

        assertVerifyFinds("VIOLATED REG-1", "position 4: the event is not registered for the entity");
    }

    @Test
    void verifyFindsAPositionThatWasChanged() {
        damage("UPDATE event_ledger SET position = 9 WHERE position = 1");

        assertVerifyFinds(
                "VIOLATED ORD-1 ORD-2 ORD-3 ORD-5",
                "position 2: the position is not above the one before",
                "VIOLATED DUP-1 DUP-3",
                "last position 9");
    }

    @Test
    void verifyFindsDataThatIsNoDocument() {
        damage("UPDATE event_ledger SET data = '{\"n\":' WHERE position = 4");

        assertVerifyFinds("VIOLATED FID-1 FID-2", "position 4: ");
    }

    @Test
    void verifyFindsThatEventsCanBeChanged() {
        Run.sql(url, "DROP TRIGGER event_ledger_no_update");

        assertVerifyFinds("VIOLATED IMM-1", "update was carried out (and rolled back)");
    }

    @Test
    void aWrongUsageIsSaidWithoutATrace() {
        List<Run> runs = List.of(
                Run.of("replay"),
                Run.of("verify"),
                Run.of("schema", "install"),
                Run.of("schema", "status"),
                Run.of("schema", "print"),
                Run.of("schema", "print", "--dialect", "sqlite", "--prefix", "a b"),
                on("replay", "--key", "apr-7"),
                on("replay", "--prefix", "Robert'); DROP TABLE x;--"),
                on("replay", "--entity", ""),
                on("replay", "--event", " "),
                on("replay", "--limit", "9999999999999999999"),
                on("verify", "--nosuch"));

        assertThat(runs).extracting(Run::exitCode).containsOnly(ExitCode.USAGE);
        assertThat(runs).extracting(Run::out).containsOnly("");
        assertThat(runs)
                .allSatisfy(
                        run -> assertThat(run.err()).startsWith("eventstore: ").doesNotContain("\tat ", "Exception"));
    }

    @Test
    void aDatabaseThatCanNotBeReachedIsSaidWithoutATrace() {
        List<Run> runs = List.of(
                Run.of("schema", "install", "--url", "jdbc:sqlite:" + temp.resolve("missing/events.db")),
                Run.of("replay", "--url", "jdbc:sqlite:" + temp.resolve("missing.db")),
                Run.of("verify", "--url", "jdbc:sqlite:" + temp));

        assertThat(runs).extracting(Run::exitCode).containsOnly(ExitCode.DATABASE);
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.err())
                        .startsWith("eventstore: No connection to jdbc:sqlite:")
                        .doesNotContain("\tat "));
        Run debug = Run.of("replay", "--debug", "--url", "jdbc:sqlite:" + temp.resolve("missing.db"));
        assertThat(debug.exitCode()).isEqualTo(ExitCode.DATABASE);
        assertThat(debug.err()).contains("\tat io.sqleventstore.cli.").contains("Caused by: ");
    }
}
