package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of each page, of outages and of undecided positions, with a tail that does what the test says. */
@Timeout(60)
class TailWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> kept = new ArrayList<>();
    private final Scripted tail = new Scripted();
    private TailWriter writer = writer(out);

    private TailWriter writer(OutputStream results) {
        return new TailWriter(new Output(results, err, false), tail, cursor -> kept.add(cursor.token()));
    }

    private List<String> said() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<Object> positions() {
        return Json.lines(out.toString(StandardCharsets.UTF_8)).stream()
                .map(event -> event.get("position"))
                .toList();
    }

    @Test
    void eachPageIsOutBeforeItsCursorIsKeptAndTheNextIsAskedFor() {
        List<String> order = new ArrayList<>();
        writer = new TailWriter(
                new Output(out, err, false), tail, cursor -> order.add(positions() + " at " + cursor.token()));
        tail.page(1, 2);
        tail.then(() -> {
            order.add("asked");
            return page(3);
        });
        tail.then(this::stopped);

        assertThat(writer.follow()).isZero();
        assertThat(order).containsExactly("[1, 2] at c2", "asked", "[1, 2, 3] at c3");
        assertThat(writer.written()).isEqualTo(new Cursor("c3"));
    }

    @Test
    void anOutageIsToldOnceAndNothingIsSkippedOrRepeated() {
        List<Long> asked = new ArrayList<>();
        tail.page(1);
        for (int i = 0; i < 4; i++) {
            tail.then(() -> {
                asked.add(System.nanoTime());
                throw new StoreUnavailable("away", false, new IOException("no route"));
            });
        }
        tail.page(2);
        tail.then(() -> {
            throw new StoreUnavailable("away again", false, null);
        });
        tail.page(3);
        tail.then(this::stopped);

        assertThat(writer.follow()).isZero();
        assertThat(positions()).containsExactly("1", "2", "3");
        assertThat(kept).containsExactly("c1", "c2", "c3");
        assertThat(said())
                .containsExactly(
                        "The database is away, trying again: no route",
                        "The database is back.",
                        "The database is away, trying again: away again",
                        "The database is back.");
        for (int i = 1; i < asked.size(); i++) {
            Duration pause = Duration.ofNanos(asked.get(i) - asked.get(i - 1));
            assertThat(pause).as("pause %d grows", i).isGreaterThanOrEqualTo(Duration.ofMillis(99L << (i - 1)));
        }
    }

    @Test
    void anOutageEndsWhoeverDoesNotFollow() {
        tail.page(1);
        tail.then(() -> {
            throw new StoreUnavailable("away", false, null);
        });

        assertThatThrownBy(writer::writeWhatIsThere).isInstanceOf(StoreUnavailable.class);
        assertThat(writer.written()).isEqualTo(new Cursor("c1"));
    }

    @Test
    void itCanBeStoppedInTheMiddleOfAnOutage() {
        tail.then(() -> {
            throw new StoreUnavailable("away", false, null);
        });
        tail.then(() -> {
            writer.stop();
            throw new StoreUnavailable("away", false, null);
        });

        assertThat(writer.follow()).isZero();
        assertThat(said()).containsExactly("The database is away, trying again: away");
        assertThat(kept).isEmpty();
    }

    @Test
    void aLongWaitIsToldOnceAndSoIsItsEnd() {
        Instant longAgo = Instant.now().minusSeconds(3);
        tail.waitingAt(4, Instant.now());
        tail.waitingAt(5, longAgo);
        tail.waitingAt(5, longAgo);
        tail.page(5);
        tail.page(6);
        tail.then(this::stopped);

        assertThat(writer.follow()).isZero();
        assertThat(said())
                .containsExactly("Waiting for position 5 since " + longAgo + ": a test.", "Position 5 is decided.");
    }

    @Test
    void aPositionThatStaysUndecidedEndsWhoeverDoesNotFollow() {
        tail.page(1);
        tail.waitingAt(2, Instant.now());
        tail.page(2);
        tail.waitingAt(3, Instant.now().minusSeconds(6));

        assertThat(writer.writeWhatIsThere()).isEqualTo(ExitCode.FOUND_WRONG);
        assertThat(positions()).containsExactly("1", "2");
        assertThat(said()).singleElement().asString().startsWith("eventstore: position 3 is not decided since ");
    }

    @Test
    void aPageThatNobodyTookIsNotPassedOver() {
        for (boolean follow : List.of(true, false)) {
            kept.clear();
            tail.page(1);
            tail.page(2);
            writer = writer(new Full("Broken pipe"));

            assertThat(follow ? writer.follow() : writer.writeWhatIsThere()).isZero();
            assertThat(tail.cursor()).as("the tail is ahead").isEqualTo(new Cursor("c2"));
            assertThat(writer.written()).isEqualTo(new Cursor("c1"));
            assertThat(kept).containsExactly("c1");
            assertThat(err.size()).isZero();
        }
    }

    @Test
    void aFullDiskEndsItAfterTheLastWholePage() {
        tail.page(1);
        tail.page(2);
        writer = writer(new Full("No space left on device"));

        assertThatThrownBy(writer::follow).isInstanceOf(Failure.class).hasMessageContaining("No space left");
        assertThat(writer.written()).isEqualTo(new Cursor("c1"));
        assertThat(kept).containsExactly("c1");
    }

    @Test
    void aCursorMovesOverWhatIsNotSelected() {
        tail.then(() -> new Tail.Page(List.of(), new Cursor("c7")));
        tail.then(() -> new Tail.Page(List.of(), new Cursor("c7")));

        assertThat(writer.writeWhatIsThere()).isZero();
        assertThat(kept).containsExactly("c7");
        assertThat(out.size()).isZero();
    }

    private Tail.Page stopped() {
        writer.stop();
        return new Tail.Page(List.of(), tail.cursor());
    }

    private static Tail.Page page(long... positions) {
        List<StoredEvent> events = new ArrayList<>();
        for (long position : positions) {
            events.add(event(position));
        }
        return new Tail.Page(events, new Cursor("c" + positions[positions.length - 1]));
    }

    private static StoredEvent event(long position) {
        return new StoredEvent(
                position,
                new UUID(0, position),
                Entity.of("game", "key " + position),
                1,
                null,
                "played",
                "append " + position,
                0,
                "{}",
                null,
                Instant.EPOCH);
    }

    /** Does one thing after another; waits for nothing. */
    private static final class Scripted implements Tail {
        private final Deque<Supplier<Page>> script = new ArrayDeque<>();
        private Cursor cursor = Cursor.START;
        private @Nullable Waiting waiting;

        void then(Supplier<Page> next) {
            script.add(next);
        }

        void page(long... positions) {
            then(() -> {
                waiting = null;
                return TailWriterTest.page(positions);
            });
        }

        void waitingAt(long position, Instant since) {
            then(() -> {
                waiting = new Waiting(position, since, "a test");
                return new Page(List.of(), cursor);
            });
        }

        @Override
        public Page next(Duration atMost) {
            Page page = script.remove().get();
            cursor = page.cursor();
            return page;
        }

        @Override
        public Cursor cursor() {
            return cursor;
        }

        @Override
        public Optional<Waiting> waiting() {
            return Optional.ofNullable(waiting);
        }
    }

    /** A stream that takes the first page only. */
    private static final class Full extends OutputStream {
        private final String why;
        private boolean full;

        Full(String why) {
            this.why = why;
        }

        @Override
        public void write(int b) throws IOException {
            if (full) {
                throw new IOException(why);
            }
        }

        @Override
        public void flush() {
            full = true;
        }
    }
}
