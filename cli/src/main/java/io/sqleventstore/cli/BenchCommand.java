package io.sqleventstore.cli;

import io.sqleventstore.SchemaMismatch;
import io.sqleventstore.benchmarks.Address;
import io.sqleventstore.benchmarks.Bench;
import io.sqleventstore.benchmarks.Refusal;
import io.sqleventstore.benchmarks.Report;
import io.sqleventstore.benchmarks.ReportFiles;
import io.sqleventstore.benchmarks.Rival;
import io.sqleventstore.benchmarks.Settings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what the store costs on any database. */
@Command(
        name = "bench",
        description = {
            "Measure the store on a database, beside the same work by hand: into the same tables (floor A: what the library costs),"
                    + " and into one with the bare keys (floor B: what the rules cost).",
            "The user has to have the right to create schemas. It works in schemas of its own, named benchmark_ and eight"
                    + " hexadecimal digits (on SQLite: in the named file, which must not be there yet), and removes them."
                    + " Nothing else should run on the machine or the server meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "",
            "  ./eventstore bench --url jdbc:postgresql://localhost/test --report bench",
            "  ./eventstore bench --url jdbc:sqlite:bench.db --workload one-writer,batch-100 --seconds 1 --rounds 3",
            "",
            "All of it takes some twenty minutes with the defaults. A run that is interrupted has its report of the workloads that"
                    + " have ended, and removes what it has made."
        })
final class BenchCommand implements Callable<Integer> {
    private static final String SQLITE = "jdbc:sqlite:";

    private final Output output;

    @Mixin
    private final Login login = new Login();

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "NAME",
            completionCandidates = Workloads.class,
            description = "What is measured, all unless it is said: ${COMPLETION-CANDIDATES}.")
    private List<String> workloads = Bench.workloads();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            defaultValue = "32",
            description =
                    "How many clients there are at once where there are many, each with a connection; several numbers"
                            + " are measured one after the other. 32 unless it is said.")
    private List<Integer> threads = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How long one measurement takes; a fraction will do. 2 unless it is said.")
    private double seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "6",
            description =
                    "How often each is repeated; all six orders of the three take a multiple of 6. 6 unless it is said.")
    private int rounds;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "50000",
            description = "How many events a replay of the whole ledger reads. 50000 unless it is said.")
    private int events;

    @Option(
            names = "--pace",
            paramLabel = "N",
            defaultValue = "500",
            description = "Events per second of all paced writers together. 500 unless it is said.")
    private int pace;

    @Option(
            names = "--appends-per-commit",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many appends of the library share a commit at most, 1 to 64; 1 for none, 0 (the default) for what the"
                            + " dialect has.")
    private int appendsPerCommit;

    @Option(
            names = "--rival",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Other event stores to measure beside it, which EVENTSTORE_CLASSPATH has; none unless it is said.")
    private List<String> rivals = List.of();

    @Option(
            names = "--ledger-events",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many events are in the tables of all three before anything is measured, filled by the server's own statements; then"
                            + " all workloads use the same tables, and the report also has what tables and indexes take on the disk. 0"
                            + " unless it is said.")
    private long ledgerEvents;

    @Option(
            names = "--library-only",
            description = "Measure the library without the floors, where there is no room for three large ledgers.")
    private boolean libraryOnly;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of what is chosen by chance. 1 unless it is said.")
    private long seed;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "Write the report there, as bench.html and results.json, anew after each workload; with --ledger-events sizes.json, at the end.")
    private @Nullable Path report;

    BenchCommand(Output output) {
        this.output = output;
    }

    /** What can be named. */
    static final class Workloads implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Bench.workloads().iterator();
        }
    }

    @Override
    public Integer call() throws Exception {
        String url = login.named();
        try {
            Settings settings = new Settings(
                    workloads,
                    threads,
                    seconds,
                    rounds,
                    Settings.WARM_UPS,
                    events,
                    pace,
                    appendsPerCommit,
                    ledgerEvents,
                    !libraryOnly,
                    seed);
            // says what is wrong where there is no connection to be had; the file must not be there
            login.connect(url.startsWith(SQLITE) ? SQLITE + ":memory:" : url, true)
                    .close();
            Address address = new Address(url, login.user(), login.user() == null ? null : login.password());
            BenchLines lines = new BenchLines(output, report);
            Bench bench = new Bench(address, settings, Rival.named(rivals), lines);
            Report found = ShutdownHooks.stopping(output, "the run", bench::stop, bench::run);
            lines.sizes(found.sizes());
            if (report != null) {
                ReportFiles.write(found, report); // with sizes
                output.line("");
                output.line("Report in %s", report.resolve(ReportFiles.PAGE));
            }
            return ExitCode.OK;
        } catch (Refusal e) {
            throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (SchemaMismatch | SQLException e) {
            throw new Failure(ExitCode.DATABASE, String.valueOf(e.getMessage()), e);
        } catch (IllegalStateException e) {
            throw new Failure(ExitCode.FOUND_WRONG, String.valueOf(e.getMessage()), e);
        }
    }
}
