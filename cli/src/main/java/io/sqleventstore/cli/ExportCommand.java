package io.sqleventstore.cli;

import io.sqleventstore.sql.SqlEventStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a whole ledger. */
@Command(
        name = "export",
        description = {
            "Write the whole ledger as JSON Lines, for 'import': order, ids, keys, links, times, and data to the byte.",
            "The last line holds a digest of all the others; the same ledger gives the same, whatever database it is in."
        },
        footer = {
            "",
            "Examples:",
            "  eventstore export --url jdbc:sqlite:events.db --output ledger.jsonl",
            "  eventstore export --url jdbc:sqlite:events.db | gzip > ledger.jsonl.gz"
        })
final class ExportCommand implements Callable<Integer> {
    private final Output output;

    @Mixin
    private final Database database = new Database();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The file to write, instead of standard output. It is there when all of it is there.")
    private @Nullable Path file;

    ExportCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Stopwatch watch = new Stopwatch();
        try (OpenDatabase open = database.open();
                Progress progress = Progress.start(output, "Export", " positions", Progress.UNKNOWN)) {
            if (file == null) {
                LedgerWriter writer = new LedgerWriter(output.results());
                say(writer, write(writer, open.store(), progress), watch);
            } else {
                writeFile(file, open.store(), progress, watch);
            }
            return ExitCode.OK;
        }
    }

    private static String write(LedgerWriter writer, SqlEventStore store, Progress progress) {
        // what is read first is in the export: an event is registered before it is stored
        var entries = store.entries().iterator();
        return writer.write(store.registered(), entries, progress);
    }

    private void writeFile(Path whole, SqlEventStore store, Progress progress, Stopwatch watch) {
        Path part = whole.resolveSibling(whole.getFileName() + ".part");
        try (FileOutputStream stream = new FileOutputStream(part.toFile())) {
            LedgerWriter writer = new LedgerWriter(stream);
            String digest = write(writer, store, progress);
            stream.getFD().sync();
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            say(writer, digest, watch);
        } catch (IOException e) {
            throw JsonLines.unwritable(e);
        }
    }

    /** On standard error: standard output may be the ledger. */
    private void say(LedgerWriter writer, String digest, Stopwatch watch) {
        if (output.speaksJson()) {
            Facts facts = Facts.of("positions", writer.positions());
            facts.and("events", writer.events());
            facts.and("sha256", digest);
            output.errors().println(facts.toJson());
        } else {
            output.errors()
                    .printf(
                            "Exported   %,d events at %,d positions; %s%nsha256     %s%n",
                            writer.events(), writer.positions(), watch.rate(writer.events()), digest);
        }
    }
}
