package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class TailCommandTest {
    private static final NewEvent PLAYED = NewEvent.of("played", "{\"n\":1}");

    @TempDir
    private Path temp;

    private final SQLiteDataSource file = new SQLiteDataSource();
    private String url = "";
    private SqlEventStore store;
    private Head head = Head.beforeFirst(Entity.of("game", "1"));

    @BeforeEach
    void prepare() {
        url = "jdbc:sqlite:" + temp.resolve("events.db");
        file.setUrl(url);
        SqlSchema.of(file).install();
        store = SqlEventStore.open(file);
        store.register(EntityType.of("game", "played"), EntityType.of("player", "played"));
        append(3);
    }

    private void append(int events) {
        for (int i = 0; i < events; i++) {
            head = store.append(head.append(PLAYED)).head();
        }
    }

    private String[] tail(String... more) {
        return Stream.concat(Stream.of("tail", "--url", url), Stream.of(more)).toArray(String[]::new);
    }

    private static String cursor(String err) {
        return err.lines().reduce((one, other) -> other).orElseThrow().replaceFirst("cursor: ", "");
    }

    private static List<Long> positions(String out) {
        return Json.lines(out).stream()
                .map(event -> Long.parseLong((String) event.get("position")))
                .toList();
    }

    @Test
    void whatIsThereIsWrittenLikeAReplayAndTheCursorLeadsOn() {
        Run first = Run.of(tail());
        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).isEqualTo(Run.of("replay", "--url", url).out());
        append(2);
        Run second = Run.of(tail("--after", cursor(first.err())));
        assertThat(positions(second.out())).containsExactly(4L, 5L);
        Run third = Run.of(tail("--after", cursor(second.err())));
        assertThat(third.out()).isEmpty();
        assertThat(cursor(third.err())).isEqualTo(cursor(second.err()));
    }

    @Test
    void theOptionsOfReplaySelect() {
        store.append(Head.beforeFirst(Entity.of("player", "x")).append(PLAYED));
        assertThat(positions(Run.of(tail("--entity", "player", "--key", "x", "--event", "played"))
                        .out()))
                .containsExactly(4L);
        assertThat(Run.of(tail("--key", "x")).exitCode()).isEqualTo(2);
    }

    @Test
    void theCursorFileIsReadAndKept() throws Exception {
        Path cursors = temp.resolve("cursor");
        String[] command = tail("--cursor-file", cursors.toString());
        assertThat(positions(Run.of(command).out())).containsExactly(1L, 2L, 3L);
        append(1);
        Run second = Run.of(command);
        assertThat(positions(second.out())).containsExactly(4L);
        assertThat(Files.readString(cursors).strip()).isEqualTo(cursor(second.err()));
        assertThat(temp.resolve("cursor.next")).doesNotExist();
        assertThat(Run.of(tail("--cursor-file", cursors.toString(), "--after", "x"))
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void aCursorThatDoesNotFitIsRefused() {
        for (String other : List.of("nonsense", "9-0198c1a0-0000-7000-8000-000000000000")) {
            Run run = Run.of(tail("--after", other));
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("cursor").doesNotContain("at io.");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void whatCanNotBeSettledIsSaid() {
        Run.sql(
                url,
                "INSERT INTO event_ledger (position, event_id, entity, entity_key, revision, event, append_key, append_index, data)"
                        + " VALUES (6, randomblob(16), 'game', 'by hand', 1, 'played', 'by hand', 0, '{}')");
        String readOnly = url.replace("jdbc:sqlite:", "jdbc:sqlite:file:") + "?mode=ro";
        Run run = Run.of("tail", "--url", readOnly);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(positions(run.out())).containsExactly(1L, 2L, 3L);
        assertThat(run.err()).contains("position 4 is not decided").contains("can't settle");
        assertThat(positions(Run.of(tail("--after", cursor(run.err()))).out())).containsExactly(6L);
    }

    @Test
    void aFollowerWritesWhatComesAndStopsCleanly() throws Exception {
        Path cursors = temp.resolve("cursor");
        List<Long> positions = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            Path output = temp.resolve("out" + round);
            Path errors = temp.resolve("err" + round);
            Process process = Run.process(output, tail("--follow", "--cursor-file", cursors.toString()))
                    .redirectErrorStream(false)
                    .redirectError(errors.toFile())
                    .start();
            try {
                append(2);
                long last = head.position();
                await(() -> Run.read(output).contains("{\"position\":" + last + ","));
                append(1);
                await(() -> Run.read(output).contains("{\"position\":" + head.position() + ","));
            } finally {
                process.destroy(); // SIGTERM
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            positions.addAll(positions(Run.read(output)));
            assertThat(cursor(Run.read(errors))).isEqualTo(Run.read(cursors).strip());
            append(1); // between the two
        }
        assertThat(positions)
                .containsExactlyElementsOf(Stream.iterate(1L, n -> n + 1)
                        .limit(head.position() - 1)
                        .toList());
    }

    @Test
    void aFollowerThatIsKilledMissesNothing() throws Exception {
        Path cursors = temp.resolve("cursor");
        Path output = temp.resolve("out");
        Process process = Run.start(output, tail("--follow", "--cursor-file", cursors.toString()));
        await(() -> Run.read(output).contains("{\"position\":3,"));
        append(20);
        process.destroyForcibly().waitFor();
        append(20);
        List<Long> before = positions(wholeLines(Run.read(output)));
        List<Long> after =
                positions(Run.of(tail("--cursor-file", cursors.toString())).out());
        assertThat(before).startsWith(1L, 2L, 3L);
        assertThat(after.get(0)).as("nothing is left out").isLessThanOrEqualTo(before.get(before.size() - 1) + 1);
        assertThat(after.get(after.size() - 1)).isEqualTo(head.position());
    }

    private static String wholeLines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
