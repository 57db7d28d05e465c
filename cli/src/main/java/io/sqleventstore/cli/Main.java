package io.sqleventstore.cli;

import io.sqleventstore.EventStoreException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code eventstore}. */
@Command(
        name = "eventstore",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "An append-only ledger of events in the database that you already have.",
        subcommands = {SchemaCommand.class, ReplayCommand.class, VerifyCommand.class, DemoCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:the command found something wrong: a broken rule, a tree that differs, tables that are not current",
            "2:the command line is wrong",
            "3:the database can't be reached, or refused",
            "4:there is no git, or no git repository"
        },
        footer = {
            "%nExamples:%n",
            "  eventstore demo",
            "  eventstore schema install --url jdbc:sqlite:games.db",
            "  eventstore replay --url jdbc:sqlite:games.db --entity game --key apr-7-2025",
            "  eventstore verify --url jdbc:postgresql://localhost/games --user app   (password in EVENTSTORE_PASSWORD)"
        })
public final class Main implements Runnable {
    static final int FOUND_WRONG = 1;
    static final int REFUSED = 3;
    static final int NO_GIT = 4;

    @Option(names = "--debug", scope = CommandLine.ScopeType.INHERIT, description = "Show where an error comes from.")
    private boolean debug;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Made by picocli. */
    Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler(Main::explain);
        return line;
    }

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "What shall it do? Name a command.");
    }

    private static int explain(Exception thrown, CommandLine line, ParseResult ignored) {
        PrintWriter err = line.getErr();
        Object root = line.getCommandSpec().root().userObject();
        if (root instanceof Main main && main.debug) {
            thrown.printStackTrace(err);
        }
        err.println(line.getColorScheme().errorText(message(thrown)));
        if (thrown instanceof Git.Unusable) {
            return NO_GIT;
        }
        return thrown instanceof EventStoreException ? REFUSED : CommandLine.ExitCode.SOFTWARE;
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        Throwable cause = thrown.getCause();
        boolean known = thrown instanceof EventStoreException || thrown instanceof Git.Unusable;
        String text = known ? message : thrown.getClass().getSimpleName() + ": " + message;
        return cause == null || cause.getMessage() == null ? text : text + "\n  " + cause.getMessage();
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"eventstore " + (version == null ? "(not packaged)" : version)};
        }
    }
}
