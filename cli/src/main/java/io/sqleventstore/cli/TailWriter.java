package io.sqleventstore.cli;

import io.sqleventstore.Cursor;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.Tail;
import io.sqleventstore.Tail.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes what a tail delivers, page by page, and knows up to which cursor it has left this process. */
final class TailWriter {
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AT_MOST = Duration.ofMillis(500);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final Duration SHORTEST_OUTAGE_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_OUTAGE_PAUSE = Duration.ofSeconds(5);

    private final Output output;
    private final JsonLines lines;
    private final Tail tail;
    private final Consumer<Cursor> keeper;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private volatile Cursor written;
    private @Nullable Waiting told;

    /** With what is to be done with each cursor up to which all has been written. */
    TailWriter(Output output, Tail tail, Consumer<Cursor> keeper) {
        this.output = output;
        this.lines = new JsonLines(output);
        this.tail = tail;
        this.keeper = keeper;
        this.written = tail.cursor();
    }

    /** The tail's own cursor may be ahead, after a page that nobody has taken. */
    Cursor written() {
        return written;
    }

    /** Any thread may say so; the page that is being written is written whole. */
    void stop() {
        stopping.countDown();
    }

    /** Writes what is decided, until there is no more, and returns the exit code. */
    int writeWhatIsThere() {
        while (!isStopping()) {
            Cursor before = written;
            if (!write(tail.next(Duration.ZERO))) {
                return ExitCode.OK;
            }
            if (written.equals(before)) {
                Waiting waiting = tail.waiting().orElse(null);
                if (waiting == null) {
                    return ExitCode.OK;
                }
                if (isOlder(waiting, PATIENCE)) {
                    return undecided(waiting);
                }
                pause(BETWEEN_LOOKS);
            }
        }
        return ExitCode.OK;
    }

    /** Writes what is there and what comes, until it is stopped or nobody reads, and returns the exit code. */
    int follow() {
        boolean read = true;
        while (read && !isStopping()) {
            read = write(nextInSpiteOfOutages());
            tell(tail.waiting().orElse(null));
        }
        return ExitCode.OK;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Whether somebody still reads. */
    private boolean write(Tail.Page page) {
        if (!lines.write(page.events().iterator())) {
            return false;
        }
        if (!page.cursor().equals(written)) {
            written = page.cursor();
            keeper.accept(written);
        }
        return true;
    }

    private Tail.Page nextInSpiteOfOutages() {
        try {
            return tail.next(AT_MOST);
        } catch (StoreUnavailable away) {
            if (!isStopping()) {
                output.errors()
                        .println("The database is away, trying again: "
                                + Database.innermost(away).getMessage());
            }
            return nextAfterOutage();
        }
    }

    private Tail.Page nextAfterOutage() {
        for (Duration pause = SHORTEST_OUTAGE_PAUSE; !pause(pause); pause = longer(pause)) {
            Tail.Page page = nextUnlessAway();
            if (page != null) {
                output.errors().println("The database is back.");
                return page;
            }
        }
        return new Tail.Page(List.of(), written);
    }

    private Tail.@Nullable Page nextUnlessAway() {
        try {
            return tail.next(Duration.ZERO);
        } catch (StoreUnavailable stillAway) {
            return null;
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_OUTAGE_PAUSE) < 0 ? twice : LONGEST_OUTAGE_PAUSE;
    }

    /** Whether the pause was ended because this has to stop. */
    private boolean pause(Duration pause) {
        try {
            return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            return true;
        }
    }

    private void tell(@Nullable Waiting waiting) {
        if (told != null && (waiting == null || waiting.position() != told.position())) {
            output.errors().printf("Position %d is decided.%n", told.position());
            told = null;
        }
        if (told == null && waiting != null && isOlder(waiting, A_WHILE)) {
            output.errors()
                    .printf(
                            "Waiting for position %d since %s: %s.%n",
                            waiting.position(), waiting.since(), waiting.reason());
            told = waiting;
        }
    }

    private int undecided(Waiting waiting) {
        output.errors()
                .printf(
                        "eventstore: position %d is not decided since %s: %s. There may be more events after it.%n",
                        waiting.position(), waiting.since(), waiting.reason());
        return ExitCode.FOUND_WRONG;
    }

    private static boolean isOlder(Waiting waiting, Duration age) {
        return waiting.since().plus(age).isBefore(Instant.now());
    }
}
