package io.sqleventstore.cli;

import io.sqleventstore.InvalidEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eventstore replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Write stored events as JSON Lines, in the order of the ledger.")
final class ReplayCommand implements Runnable {
    @Mixin
    private Connect connect = new Connect();

    @Option(names = "--entity", paramLabel = "NAME", description = "Only events of this entity name.")
    private @Nullable String entity;

    @Option(names = "--key", paramLabel = "KEY", description = "Only this entity key of it; may be repeated.")
    private List<String> keys = List.of();

    @Option(names = "--event", paramLabel = "NAME", description = "Only events of this name; may be repeated.")
    private List<String> events = List.of();

    @Option(names = "--from", defaultValue = "1", paramLabel = "POSITION", description = "Only from this position on.")
    private long from;

    @Option(names = "--to", paramLabel = "POSITION", description = "Only up to this position.")
    private long to = Long.MAX_VALUE;

    @Option(names = "--backwards", description = "The newest first.")
    private boolean backwards;

    @Option(names = "--limit", paramLabel = "COUNT", description = "So many at most.")
    private long limit = Long.MAX_VALUE;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Selection selection = selection();
        PrintWriter out = spec.commandLine().getOut();
        try (Connect.Database database = connect.open()) {
            SqlEventStore store = SqlEventStore.open(database.pool(), database.dialect(), database.options());
            Iterator<StoredEvent> replay = store.replay(selection).iterator();
            while (replay.hasNext() && !out.checkError()) { // whoever reads may have had enough
                out.println(EventJson.line(replay.next()));
            }
            out.flush();
        }
    }

    private Selection selection() {
        try {
            Selection selection = Selection.all().from(from).to(to).limit(limit);
            if (entity != null) {
                selection = keys.isEmpty()
                        ? selection.ofEntity(entity)
                        : selection.ofEntity(entity, keys.get(0), keys.toArray(String[]::new));
            } else if (!keys.isEmpty()) {
                throw new IllegalArgumentException("A --key needs its --entity.");
            }
            if (!events.isEmpty()) {
                selection = selection.named(events.get(0), events.toArray(String[]::new));
            }
            return backwards ? selection.inReverse() : selection;
        } catch (InvalidEvent | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
