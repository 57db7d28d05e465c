package io.sqleventstore.cli;

import io.sqleventstore.sql.LedgerImport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts an exported ledger into a database. */
@Command(
        name = "import",
        description = {
            "Put a ledger that 'export' wrote into a database whose ledger is empty, as it is: positions, ids, keys, links and times stay.",
            "Repeat it if it breaks off: what is there is compared, what is missing is stored, each once. A ledger that has something else is"
                    + " refused. Until it is done nobody else may append; it needs the rights of the tables' owner."
        },
        footer = {
            "",
            "Examples:",
            "  eventstore schema install --url jdbc:postgresql://localhost/events --user owner",
            "  eventstore import --url jdbc:postgresql://localhost/events --user owner --from ledger.jsonl"
        })
final class ImportCommand implements Callable<Integer> {
    private final Output output;

    @Mixin
    private final Database database = new Database();

    @Option(
            names = "--from",
            paramLabel = "FILE",
            required = true,
            description =
                    "The exported ledger, or - for standard input. A file is checked whole before anything is stored.")
    private String from = "";

    ImportCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        Stopwatch watch = new Stopwatch();
        long positions = Progress.UNKNOWN;
        if (!LineReader.isStandardInput(from)) {
            positions = check();
        }
        try (OpenDatabase open = database.create();
                LineReader lines = LineReader.open(from);
                Progress progress = Progress.start(output, "Import", " positions", positions)) {
            LedgerImport into = LedgerImport.into(open.pool(), open.dialect(), open.options());
            LedgerReader reader = new LedgerReader(lines);
            into.register(reader.types());
            while (reader.hasNext()) {
                into.add(reader.next());
                progress.step(1);
            }
            into.finish();
            say(into, watch);
            return ExitCode.OK;
        } catch (BadLine e) {
            throw new Failure(
                    ExitCode.FOUND_WRONG,
                    "The exported ledger is damaged, " + e.getMessage()
                            + " What came before it is stored; drop that ledger, or repeat the import with the whole file.",
                    e);
        }
    }

    /** Reads all of it before anything is stored, and returns how many positions there are. */
    private long check() {
        try (LineReader lines = LineReader.open(from)) {
            LedgerReader reader = new LedgerReader(lines);
            long positions = 0;
            for (; reader.hasNext(); positions++) {
                reader.next();
            }
            return positions;
        } catch (BadLine e) {
            throw new Failure(
                    ExitCode.FOUND_WRONG,
                    "The exported ledger is damaged, " + e.getMessage() + " Nothing was stored.",
                    e);
        }
    }

    private void say(LedgerImport into, Stopwatch watch) {
        long there = into.position() - into.stored();
        output.line(
                "Imported   %,d positions, %,d were there already; %s",
                into.stored(), there, watch.rate(into.position()));
        Facts facts = Facts.of("stored", into.stored());
        facts.and("there", there);
        facts.and("lastPosition", into.position());
        output.result(facts);
    }
}
