package io.sqleventstore.cli;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlSchema;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eventstore schema}. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "The tables of a store: print, install, or look whether they are there.")
final class SchemaCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "What about the schema? print, install or status.");
    }

    @Command(
            name = "print",
            mixinStandardHelpOptions = true,
            description =
                    "Print the statements that create the tables, for a migration tool or the database's own client.")
    void print(
            @Option(names = "--dialect", required = true, paramLabel = "NAME", description = "The kind of database.")
                    String name,
            @Mixin Connect connect) {
        List<Dialect> all = Dialects.all();
        Dialect dialect = all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "There is no dialect '" + name + "'; there are "
                                + String.join(
                                        ", ", all.stream().map(Dialect::name).toList()) + "."));
        spec.commandLine().getOut().print(SqlSchema.script(dialect, connect.options()));
        spec.commandLine().getOut().flush();
    }

    @Command(
            name = "install",
            mixinStandardHelpOptions = true,
            description = "Create the tables if they are not there. Harmless to repeat.")
    void install(@Mixin Connect connect) {
        try (Connect.Database database = connect.open()) {
            SqlSchema schema = SqlSchema.of(database.pool(), database.dialect(), database.options());
            schema.install();
            report(schema.status());
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Say whether the tables are there and current; exit code 1 if not.")
    int status(@Mixin Connect connect) {
        try (Connect.Database database = connect.open()) {
            SqlSchema.Status status = SqlSchema.of(database.pool(), database.dialect(), database.options())
                    .status();
            report(status);
            return status.state() == SqlSchema.State.CURRENT ? 0 : Main.FOUND_WRONG;
        }
    }

    private void report(SqlSchema.Status status) {
        spec.commandLine()
                .getOut()
                .printf(
                        "schema: %s, version %d, this program works with version %d%n",
                        status.state().name().toLowerCase(Locale.ROOT), status.found(), status.expected());
        spec.commandLine().getOut().flush();
    }
}
