package io.sqleventstore.cli;

import io.sqleventstore.Selection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes events as JSON Lines. */
@Command(
        name = "replay",
        description =
                "Write events in the order of their positions, as JSON Lines: one event a line, its data as stored.",
        footer = {
            "",
            "Examples:",
            "  eventstore replay --url jdbc:sqlite:events.db --entity game --key apr-7",
            "  eventstore replay --url jdbc:sqlite:events.db --entity game --entity player --key ann --event joined",
            "  eventstore replay --url jdbc:sqlite:events.db --backwards --limit 10"
        })
final class ReplayCommand implements Callable<Integer> {
    private final Output output;

    @Mixin
    private final Database database = new Database();

    @Mixin
    private final Selecting selecting = new Selecting();

    @Option(names = "--from", paramLabel = "N", description = "Only from this position up.")
    private long from = 1;

    @Option(names = "--to", paramLabel = "N", description = "Only up to this position.")
    private long to = Long.MAX_VALUE;

    @Option(names = "--backwards", description = "The highest position first.")
    private boolean backwards;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many events.")
    private long limit = Long.MAX_VALUE;

    ReplayCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Selection selection = selecting.selection(this::bounded);
        try (OpenDatabase open = database.open()) {
            new JsonLines(output).write(open.store().replay(selection).iterator());
            return ExitCode.OK;
        }
    }

    private Selection bounded(Selection selection) {
        Selection bounded = selection.from(from).to(to).limit(limit);
        return backwards ? bounded.inReverse() : bounded;
    }
}
