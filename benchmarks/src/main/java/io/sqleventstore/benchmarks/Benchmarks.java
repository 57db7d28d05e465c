package io.sqleventstore.benchmarks;

import io.sqleventstore.StoreUnavailable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/run}. */
@Command(
        name = "benchmarks/run",
        description = "Measures the event store on a database, next to the same inserts by hand.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Benchmarks implements Callable<Integer> {
    @Option(
            names = "--url",
            required = true,
            showDefaultValue = Visibility.NEVER,
            paramLabel = "JDBC-URL",
            description =
                    "The database, credentials included, of a user who may create schemas; of SQLite a file that is not there.")
    private String url = "";

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,4,16,32",
            description = "Numbers of concurrent writers, each with a connection.")
    private List<Integer> connections = List.of();

    @Option(names = "--seconds", defaultValue = "2", paramLabel = "N", description = "How long one measurement takes.")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "How often each is repeated.")
    private int rounds;

    @Option(
            names = "--pace",
            defaultValue = "500",
            paramLabel = "N",
            description = "Events per second of all paced writers together.")
    private int pace;

    @Option(
            names = "--appends-per-commit",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "How many appends of the library share a commit at most, 1 to 64; 1 for none, 0 for what the dialect has.")
    private int appendsPerCommit;

    @Option(
            names = "--what",
            split = ",",
            paramLabel = "WHAT",
            defaultValue = "append,tail,cold",
            description = "What is measured: ${COMPLETION-CANDIDATES}.")
    private Set<What> what = Set.of();

    private final PrintStream out;
    private final PrintStream progress;

    private Benchmarks(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** What can be measured. */
    enum What {
        APPEND,
        TAIL,
        COLD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String... arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(out, System.err, arguments));
    }

    /** Runs the command and returns its exit code. */
    static int run(PrintStream out, PrintStream progress, String... arguments) {
        return new CommandLine(new Benchmarks(out, progress))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(progress, e))
                .execute(arguments);
    }

    private static int failed(PrintStream progress, Exception e) {
        if (e instanceof Refusal) {
            progress.println(e.getMessage());
        } else if (e instanceof StoreUnavailable && e.getCause() != null) {
            progress.println(e.getMessage() + " " + e.getCause().getMessage());
        } else {
            e.printStackTrace(progress);
        }
        return 1;
    }

    @Override
    public Integer call() throws Exception {
        Run run = new Run(url, connections, seconds, rounds, pace, appendsPerCommit, out, progress);
        describe(run);
        if (what.contains(What.APPEND)) {
            new AppendBenchmark(run).measure();
        }
        if (what.contains(What.TAIL)) {
            new TailBenchmark(run).measure();
        }
        if (what.contains(What.COLD)) {
            new ColdStartBenchmark(run).measure();
        }
        return 0;
    }

    private void describe(Run run) throws Exception {
        try (Place place = run.place(1)) {
            try (Connection connection = place.pool().getConnection()) {
                DatabaseMetaData server = connection.getMetaData();
                line("- %s %s", server.getDatabaseProductName(), server.getDatabaseProductVersion());
                line("- driver %s %s", server.getDriverName(), server.getDriverVersion());
            }
            for (String setting : place.server().settings()) {
                line("- `%s`: %s", setting, place.ask(setting));
            }
        }
        line("- %d CPUs for this JVM", Runtime.getRuntime().availableProcessors());
        line(
                "- Java %s, %s %s",
                System.getProperty("java.version"), System.getProperty("os.name"), System.getProperty("os.arch"));
        line("- %s s a measurement, %d rounds", run.seconds(), run.rounds());
        line("- appends per commit: %s", appendsPerCommit == 0 ? "as the dialect has" : appendsPerCommit);
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
