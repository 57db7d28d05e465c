package io.sqleventstore.cli;

import io.sqleventstore.EventStoreException;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command {@code eventstore}. */
@Command(
        name = "eventstore",
        description = "An append-only, ordered, deduplicating event store in the SQL database you already run.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something is wrong (append or import refused, line wrong, rule violated, ledgers or trees differ, tables not"
                    + " current, cursor refused, position not decided, not certified, a promise broken under torture, a figure that counts what is not stored, output can't be written)",
            "2:wrong usage",
            "3:the database can't be reached, or refused",
            "4:no git, or no git repository"
        })
public final class Main {
    private final Output output;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error, and its causes.")
    private boolean debug;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Speak JSON: a result is an object on a line, and so is an error, on standard error.")
    void speakJson(boolean json) {
        if (json) {
            output.speakJson();
        }
    }

    private Main(Output output) {
        this.output = output;
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String... arguments) {
        boolean watched = Ansi.AUTO.enabled();
        Output output =
                new Output(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), watched);
        System.exit(run(output, arguments));
    }

    /** Runs the command and returns its exit code. */
    static int run(Output output, String... arguments) {
        Main main = new Main(output);
        return new CommandLine(main)
                .addSubcommand(new DemoCommand(output))
                .addSubcommand(new SchemaCommand(output))
                .addSubcommand(new RegisterCommand(output))
                .addSubcommand(new AppendCommand(output))
                .addSubcommand(new ReplayCommand(output))
                .addSubcommand(new TailCommand(output))
                .addSubcommand(new VerifyCommand(output))
                .addSubcommand(new ExportCommand(output))
                .addSubcommand(new ImportCommand(output))
                .addSubcommand(new CertifyCommand(output))
                .addSubcommand(new TortureCommand(output))
                .addSubcommand(new BenchCommand(output))
                .addSubcommand(new GenerateCompletion())
                .setExpandAtFiles(false) // a key may begin with an at sign, as in @types/index.d.ts
                .setAllowOptionsAsOptionParameters(true) // and may look like an option
                .setOut(new PrintWriter(output.lines(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(output.errors(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(output.watched() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((e, wrong) -> main.misused(e))
                .setExecutionExceptionHandler((e, command, parsed) -> main.failed(e))
                .execute(arguments);
    }

    private int misused(ParameterException e) {
        CommandLine command = e.getCommandLine();
        say(e, ExitCode.USAGE);
        if (output.speaksJson()) {
            return ExitCode.USAGE;
        }
        if (command.getSubcommands().isEmpty()) {
            output.errors().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        } else {
            command.usage(output.errors());
        }
        return ExitCode.USAGE;
    }

    private int failed(Exception e) {
        boolean database = e instanceof StoreUnavailable || e instanceof StoreFailure;
        int exitCode =
                e instanceof Failure failure ? failure.exitCode() : database ? ExitCode.DATABASE : ExitCode.FOUND_WRONG;
        say(e, exitCode);
        if (output.speaksJson() || e instanceof Failure) {
            return exitCode;
        }
        if (database && e.getCause() != null) {
            output.errors().println("The database says: " + e.getCause().getMessage());
        } else if (!(e instanceof EventStoreException)) {
            output.errors().println("That was not foreseen; '--debug' shows where it happened.");
        }
        return exitCode;
    }

    private void say(Exception e, int exitCode) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (output.speaksJson()) {
            output.errors().println(error(e, message, exitCode).toJson());
        } else {
            output.errors().println(output.styled("fg(red)", "eventstore:") + " " + message);
        }
        if (debug) {
            e.printStackTrace(output.errors());
        }
    }

    private static Facts error(Exception e, String message, int exitCode) {
        Throwable kind = e instanceof Failure && e.getCause() instanceof EventStoreException ? e.getCause() : e;
        Facts facts = Facts.of("error", kind.getClass().getSimpleName())
                .and("message", message)
                .and("exitCode", exitCode);
        return e instanceof EventStoreException && e.getCause() != null
                ? facts.and("database", e.getCause().getMessage())
                : facts;
    }

    /** The version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"SQL Event Store " + (version == null ? "(not packaged)" : version)};
        }
    }
}
