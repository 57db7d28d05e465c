package io.sqleventstore.cli;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The tables of the event store. */
@Command(name = "schema", description = "Print or install the event store's tables, or see whether they are current.")
final class SchemaCommand {
    private final Output output;

    SchemaCommand(Output output) {
        this.output = output;
    }

    @Command(
            description = {
                "Print the statements that create the tables, for your migration tool; with --from-version those that upgrade the tables of an"
                        + " earlier release; with --grants those that give roles their rights.",
                "An appender registers and appends, a reader replays, a follower also settles missing positions. The roles have to exist; the"
                        + " tables' owner runs the statements."
            },
            footer = {
                "",
                "Examples:",
                "  eventstore schema print --dialect postgres --schema events > V1__event_store.sql",
                "  eventstore schema print --dialect postgres --schema events --from-version 1 > V2__event_store.sql",
                "  eventstore schema print --dialect postgres --schema events --grants --appender app --reader reports --follower projector"
            })
    int print(
            @Option(
                            names = "--dialect",
                            paramLabel = "NAME",
                            required = true,
                            description = "The kind of database, such as sqlite.")
                    String name,
            @Option(
                            names = "--from-version",
                            paramLabel = "N",
                            description = "Print what upgrades tables of that version.")
                    @Nullable
                    Integer from,
            @Option(names = "--grants", description = "Print the GRANT statements of three roles.") boolean grants,
            @Mixin Roles roles,
            @Mixin Place place) {
        Dialect dialect = Dialects.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitCode.USAGE,
                        "There is no dialect '" + name + "'; take one of " + Database.dialects() + "."));
        if (grants && from != null) {
            throw new Failure(ExitCode.USAGE, "--grants is of the current version: leave out --from-version.");
        }
        String script = grants ? roles.grants(dialect, place.options()) : tables(dialect, place.options(), from);
        if (output.speaksJson()) {
            output.result(Facts.of("dialect", name).and("sql", script));
        } else {
            output.lines().print(script);
        }
        return ExitCode.OK;
    }

    private static String tables(Dialect dialect, StoreOptions options, @Nullable Integer from) {
        try {
            return SqlSchema.script(dialect, options, from == null ? 0 : from);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The names of the roles that get rights. */
    static final class Roles {
        @Option(
                names = "--appender",
                paramLabel = "ROLE",
                defaultValue = "event_appender",
                description = "Who appends (${DEFAULT-VALUE}).")
        private String appender = "";

        @Option(
                names = "--reader",
                paramLabel = "ROLE",
                defaultValue = "event_reader",
                description = "Who replays (${DEFAULT-VALUE}).")
        private String reader = "";

        @Option(
                names = "--follower",
                paramLabel = "ROLE",
                defaultValue = "event_follower",
                description = "Who follows (${DEFAULT-VALUE}).")
        private String follower = "";

        String grants(Dialect dialect, StoreOptions options) {
            try {
                return SqlSchema.grants(dialect, options, appender, reader, follower);
            } catch (IllegalArgumentException e) {
                throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
            }
        }
    }

    @Command(
            description =
                    "Create the tables if they are missing, upgrade older ones. Harmless to repeat, and while others append.")
    int install(@Mixin Database database) {
        try (OpenDatabase open = database.create()) {
            SqlSchema.Status before = open.schema().status();
            open.schema().install();
            output.line(
                    switch (before.state()) {
                        case MISSING -> "The tables are installed, version %d.";
                        case OLDER ->
                            "The tables are upgraded to version %d from version %d. Roles that you have granted rights need"
                                    + " the grants again: 'eventstore schema print --grants'.";
                        default -> "The tables were there already, version %d.";
                    },
                    SqlSchema.VERSION,
                    before.found());
            output.result(Facts.of("installed", before.state() == SqlSchema.State.MISSING)
                    .and("upgraded", before.state() == SqlSchema.State.OLDER)
                    .and("version", SqlSchema.VERSION));
            return ExitCode.OK;
        }
    }

    @Command(description = "Say whether the tables are there and of the version that this release works with.")
    int status(@Mixin Database database) {
        try (OpenDatabase open = database.open()) {
            SqlSchema.Status status = open.schema().status();
            output.line(
                    switch (status.state()) {
                        case CURRENT -> "current: the tables have version %d.";
                        case MISSING ->
                            "missing: there are no tables; 'eventstore schema install' creates version %2$d.";
                        case GENERATOR_BEHIND ->
                            "generator behind: positions would be given twice; 'eventstore schema install' mends it.";
                        case OLDER ->
                            "older: the tables have version %d, this release works with version %d; 'eventstore schema install'"
                                    + " upgrades them.";
                        case NEWER -> "newer: the tables have version %d, this release only knows version %d.";
                    },
                    status.found(),
                    status.expected());
            output.result(Facts.of("state", status.state())
                    .and("version", status.found())
                    .and("expected", status.expected()));
            return status.state() == SqlSchema.State.CURRENT ? ExitCode.OK : ExitCode.FOUND_WRONG;
        }
    }
}
