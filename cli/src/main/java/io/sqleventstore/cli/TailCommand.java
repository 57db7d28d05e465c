package io.sqleventstore.cli;

import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.Tail;
import io.sqleventstore.Tail.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows the ledger. */
@Command(
        name = "tail",
        description =
                "Write the events after a cursor, as JSON Lines like 'replay', and with --follow those that come.",
        footer = {
            "",
            "Each event comes once and in order, none is missed. The last line on standard error is the cursor to go on"
                    + " from. Killed, it may write the events after the cursor in --cursor-file again.",
            "",
            "Example: eventstore tail --url jdbc:sqlite:events.db --entity game --cursor-file games.cursor --follow"
        })
final class TailCommand implements Callable<Integer> {
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AT_MOST = Duration.ofMillis(500);
    private static final Duration LONGEST_OUTAGE_PAUSE = Duration.ofSeconds(5);
    private static final long STOP_SECONDS = 15;

    private final Output output;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Mixin
    private final Database database = new Database();

    @Mixin
    private final Selecting selecting = new Selecting();

    @Option(
            names = "--after",
            paramLabel = "CURSOR",
            description = "Only events after this cursor, of an earlier tail.")
    private @Nullable String after;

    @Option(
            names = "--cursor-file",
            paramLabel = "FILE",
            description = "Begin after the cursor in this file, if it is there, and keep it up to date.")
    private @Nullable Path cursorFile;

    @Option(names = "--follow", description = "Go on until interrupted.")
    private boolean follow;

    private @Nullable Waiting told;

    TailCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Selection selection = selecting.selection(all -> all);
        Cursor from = from();
        Thread hook = new Thread(this::stop);
        Runtime.getRuntime().addShutdownHook(hook);
        try (OpenDatabase open = database.open()) {
            Tail tail = open.store().tail(selection, from);
            int exitCode = write(tail);
            output.errors().println("cursor: " + tail.cursor().token());
            return exitCode;
        } finally {
            stopped.countDown();
            removeUnlessStopping(hook);
        }
    }

    /** Lets the page that is being written be written whole. */
    private void stop() {
        stopping.countDown();
        try {
            if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                output.errors().println("Stopped in the middle of a page.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeUnlessStopping(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            return; // it runs already
        }
    }

    private Cursor from() {
        if (after != null && cursorFile != null) {
            throw new Failure(ExitCode.USAGE, "Say where to begin by --after or by --cursor-file, not by both.");
        }
        if (after != null) {
            return new Cursor(after);
        }
        if (cursorFile == null || !Files.exists(cursorFile)) {
            return Cursor.START;
        }
        try {
            return new Cursor(Files.readString(cursorFile).strip());
        } catch (IOException e) {
            throw new Failure(ExitCode.USAGE, "The cursor file " + cursorFile + " can't be read.", e);
        }
    }

    private int write(Tail tail) {
        JsonLines lines = new JsonLines(output);
        while (stopping.getCount() > 0) {
            Cursor before = tail.cursor();
            Tail.Page page = follow ? nextInSpiteOfOutages(tail) : tail.next(Duration.ZERO);
            if (!lines.write(page.events().iterator())) {
                return ExitCode.OK;
            }
            boolean moved = !page.cursor().equals(before);
            if (moved) {
                save(page.cursor());
            }
            Waiting waiting = tail.waiting().orElse(null);
            tell(waiting);
            if (!follow && !moved && (waiting == null || isOlder(waiting, PATIENCE))) {
                return waiting == null ? ExitCode.OK : undecided(waiting);
            }
            if (!follow && !moved) {
                pause(Duration.ofMillis(10));
            }
        }
        return ExitCode.OK;
    }

    private Tail.Page nextInSpiteOfOutages(Tail tail) {
        Duration pause = Duration.ofMillis(100);
        for (boolean first = true; ; first = false) {
            try {
                Tail.Page page = tail.next(AT_MOST);
                if (!first) {
                    output.errors().println("The database is back.");
                }
                return page;
            } catch (StoreUnavailable away) {
                if (first) {
                    output.errors().println("The database is away; waiting for it. " + away.getMessage());
                }
                if (pause(pause)) {
                    return new Tail.Page(List.of(), tail.cursor());
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_OUTAGE_PAUSE) < 0
                        ? pause.multipliedBy(2)
                        : LONGEST_OUTAGE_PAUSE;
            }
        }
    }

    /** Whether the pause was ended because the command has to stop. */
    private boolean pause(Duration pause) {
        try {
            return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void tell(@Nullable Waiting waiting) {
        if (told != null && (waiting == null || waiting.position() != told.position())) {
            output.errors().printf("Position %d is decided.%n", told.position());
            told = null;
        }
        if (follow && told == null && waiting != null && isOlder(waiting, A_WHILE)) {
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

    /** Whoever reads the file finds a whole cursor in it, the one before or this one. */
    private void save(Cursor cursor) {
        if (cursorFile == null) {
            return;
        }
        Path next = cursorFile.resolveSibling(cursorFile.getFileName() + ".next");
        try {
            Files.writeString(next, cursor.token() + "\n");
            Files.move(next, cursorFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Failure(ExitCode.FOUND_WRONG, "The cursor file " + cursorFile + " can't be written.", e);
        }
    }
}
