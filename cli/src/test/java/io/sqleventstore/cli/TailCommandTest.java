package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandTest {
    private static final NewEvent PLAYED = NewEvent.of("played", "{\"n\":1}");

    @TempDir
    private Path temp;

    private final HikariDataSource pool = new HikariDataSource();
    private String url = "";
    private SqlEventStore store;
    private Head head = Head.beforeFirst(Entity.of("game", "1"));

    @BeforeEach
    void prepare() {
        url = "jdbc:sqlite:" + temp.resolve("events.db");
        pool.setJdbcUrl(url);
        SqlSchema.of(pool).install();
        store = SqlEventStore.open(pool);
        store.register(EntityType.of("game", "played"), EntityType.of("player", "played"));
        append(3);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** Returns the last one's position. */
    private long append(int events) {
        for (int i = 0; i < events; i++) {
            head = store.append(head.append(PLAYED)).head();
        }
        return head.position();
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
    }

    @Test
    void aCursorFileThatIsEmptyOrInUseIsRefused() throws Exception {
        Path file = Files.createFile(temp.resolve("empty.cursor"));
        Run empty = Run.of(tail("--cursor-file", file.toString()));
        assertThat(empty.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(empty.out()).isEmpty();
        assertThat(empty.err()).contains("is empty; remove it");
        Files.delete(file);
        try (CursorFile held = CursorFile.open(file)) {
            Run second = Run.of(tail("--cursor-file", file.toString()));
            assertThat(second.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(second.out()).isEmpty();
            assertThat(second.err()).contains("in use by another process");
            assertThat(held.read()).isEqualTo(Cursor.START);
        }
        assertThat(Run.of(tail("--cursor-file", file.toString())).exitCode()).isZero();
    }

    @Test
    void aCursorFileThatCanNotBeReplacedIsRefusedBeforeAnythingIsWritten() throws Exception {
        Path file = temp.resolve("stuck.cursor");
        assertThat(Run.of(tail("--cursor-file", file.toString())).exitCode()).isZero();
        append(1);
        Files.createDirectory(temp.resolve("stuck.cursor.next"));
        Run stuck = Run.of(tail("--cursor-file", file.toString()));
        assertThat(stuck.exitCode()).isNotZero();
        assertThat(stuck.out()).isEmpty();
        assertThat(stuck.err()).contains("can't be written");
    }

    @Test
    void whatCanNotBeBegunIsWrongUsageAndWritesNothing() {
        String cursors = temp.resolve("cursor").toString();
        String missing = temp.resolve("missing").resolve("cursor").toString();
        List<Run> runs = List.of(
                Run.of(tail("--cursor-file", cursors, "--after", "x")),
                Run.of(tail("--cursor-file", missing)),
                Run.of(tail("--cursor-file", temp.toString())),
                Run.of(tail("--key", "x")),
                Run.of(tail("--entity", "~x")),
                Run.of(tail("--from", "1")));
        assertThat(runs).extracting(Run::exitCode).containsOnly(ExitCode.USAGE);
        assertThat(runs).extracting(Run::out).containsOnly("");
        assertThat(runs).extracting(Run::err).allMatch(err -> err.startsWith("eventstore: "));
        assertThat(Path.of(cursors)).doesNotExist();
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

    /** Leaves positions 4 and 5 undecided, and returns the URL of one who can't settle them. */
    private String undecided() {
        Run.sql(
                url,
                "INSERT INTO event_ledger (position, event_id, entity, entity_key, revision, event, append_key, append_index, data)"
                        + " VALUES (6, randomblob(16), 'game', 'by hand', 1, 'played', 'by hand', 0, '{}')");
        return url.replace("jdbc:sqlite:", "jdbc:sqlite:file:") + "?mode=ro";
    }

    @Test
    void whatCanNotBeSettledIsSaid() {
        String readOnly = undecided();
        Run run = Run.of("tail", "--url", readOnly);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(positions(run.out())).containsExactly(1L, 2L, 3L);
        assertThat(run.err()).contains("position 4 is not decided since 20").contains("can't settle");
        assertThat(positions(Run.of(tail("--after", cursor(run.err()))).out())).containsExactly(6L);
    }

    @Test
    void aFollowerSaysWhatItWaitsForAndGoesOnWhenItIsSettled() throws Exception {
        Process process = follow("waiting", "tail", "--follow", "--url", undecided());
        try {
            await(() -> err("waiting").contains("Waiting for position 4 since 20"));
            assertThat(positions(out("waiting"))).containsExactly(1L, 2L, 3L);
            assertThat(Run.of(tail()).exitCode()).as("settled by another").isZero();
            await(() -> out("waiting").contains("{\"position\":6,"));
            await(() -> err("waiting").contains(" is decided."));
        } finally {
            end(process);
        }
        assertThat(positions(out("waiting"))).containsExactly(1L, 2L, 3L, 6L);
        assertThat(err("waiting").lines().filter(line -> line.startsWith("Waiting for position 4 ")))
                .hasSize(1);
    }

    @Test
    void aFollowerEndsWhenNobodyReadsAndItsCursorIsNotAhead() throws Exception {
        Path cursors = temp.resolve("cursor");
        Process process = builder("gone", tail("--follow", "--cursor-file", cursors.toString()))
                .redirectOutput(Redirect.PIPE)
                .start();
        try {
            await(() -> Files.exists(cursors));
            process.getInputStream().close();
            append(1);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            end(process);
        }
        assertThat(process.exitValue()).as(err("gone")).isZero();
        assertThat(cursor(err("gone"))).isEqualTo(Run.read(cursors).strip());
        assertThat(err("gone")).hasLineCount(1);
        assertThat(positions(Run.of(tail("--cursor-file", cursors.toString())).out()))
                .containsExactly(4L);
    }

    @Test
    void aFollowerWritesWhatComesAndStopsCleanly() throws Exception {
        Path cursors = temp.resolve("cursor");
        List<Long> positions = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            String name = "round " + round;
            Process process = follow(name, tail("--follow", "--cursor-file", cursors.toString()));
            try {
                awaitPosition(name, append(2));
                awaitPosition(name, append(1));
            } finally {
                end(process);
            }
            assertThat(process.exitValue()).isEqualTo(143);
            positions.addAll(positions(out(name)));
            assertThat(cursor(err(name))).isEqualTo(Run.read(cursors).strip());
            append(1); // between the two
        }
        assertThat(positions).as("exactly once").containsExactlyElementsOf(upTo(head.position() - 1));
    }

    @Test
    void aFollowerThatIsKilledMissesNothing() throws Exception {
        Path cursors = temp.resolve("cursor");
        Process process = follow("killed", tail("--follow", "--cursor-file", cursors.toString()));
        try {
            await(() -> Files.exists(cursors)); // the first three are out and need not come again
            await(() -> {
                append(1); // so that it is killed at its work
                return out("killed").contains("{\"position\":20,");
            });
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        append(5);
        String whole = out("killed").substring(0, out("killed").lastIndexOf('\n') + 1);
        List<Long> before = positions(whole);
        List<Long> after =
                positions(Run.of(tail("--cursor-file", cursors.toString())).out());
        assertThat(before).containsExactlyElementsOf(upTo(before.size())).hasSizeGreaterThanOrEqualTo(20);
        assertThat(after.get(0)).as("nothing is left out, nor all repeated").isBetween(4L, before.size() + 1L);
        assertThat(after).containsExactlyElementsOf(upTo(head.position()).subList((int) (after.get(0) - 1), (int)
                head.position()));
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    /** In a process of its own. */
    private Process follow(String name, String... command) throws IOException {
        return builder(name, command).start();
    }

    private ProcessBuilder builder(String name, String... command) {
        return Run.process(temp.resolve(name + ".out"), command)
                .redirectErrorStream(false)
                .redirectError(temp.resolve(name + ".err").toFile());
    }

    private String out(String name) {
        return Run.read(temp.resolve(name + ".out"));
    }

    private String err(String name) {
        return Run.read(temp.resolve(name + ".err"));
    }

    /** By SIGTERM. */
    private static void end(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitPosition(String name, long position) throws InterruptedException {
        await(() -> out(name).contains("{\"position\":" + position + ","));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
