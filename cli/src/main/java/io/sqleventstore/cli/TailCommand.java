package io.sqleventstore.cli;

import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
            "Each event comes once and in order, none is missed. When it ends, a line 'cursor: ...' on standard error says"
                    + " where to go on by --after; --cursor-file does both by itself. After a clean stop the next run goes on"
                    + " exactly there; one that was killed may write its last page again: at least once.",
            "",
            "The cursor is after what has left this command. What still was in a pipe when its reader died is not written"
                    + " again; such a reader begins at a cursor from before and skips the positions that it knows.",
            "",
            "Example: eventstore tail --url jdbc:sqlite:events.db --entity game --cursor-file games.cursor --follow"
        })
final class TailCommand implements Callable<Integer> {
    private static final long STOP_SECONDS = 15;

    private final Output output;
    private final CountDownLatch ended = new CountDownLatch(1);

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

    TailCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        if (after != null && cursorFile != null) {
            throw new Failure(ExitCode.USAGE, "Say where to begin by --after or by --cursor-file, not by both.");
        }
        try {
            if (cursorFile == null) {
                return tail(after == null ? Cursor.START : new Cursor(after), cursor -> {});
            }
            try (CursorFile file = CursorFile.open(cursorFile)) {
                return tail(file.read(), cursor -> {
                    output.force(); // else a power failure could take what the cursor says was written
                    file.write(cursor);
                });
            }
        } finally {
            ended.countDown();
        }
    }

    private int tail(Cursor from, Consumer<Cursor> keeper) {
        Selection selection = selecting.selection(all -> all);
        try (OpenDatabase open = database.open()) {
            return write(new TailWriter(output, open.store().tail(selection, from), keeper));
        }
    }

    private int write(TailWriter writer) {
        Thread hook = new Thread(() -> stop(writer));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return follow ? writer.follow() : writer.writeWhatIsThere();
        } finally {
            sayCursor(writer);
            ShutdownHooks.remove(hook);
        }
    }

    /** Also where it ends by an error: what was written before is not to be written again. */
    private void sayCursor(TailWriter writer) {
        output.errors().println("cursor: " + writer.written().token());
    }

    /** Lets the page that is being written be written whole, unless its reader is stuck or the database doesn't answer. */
    private void stop(TailWriter writer) {
        writer.stop();
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                sayCursor(writer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
