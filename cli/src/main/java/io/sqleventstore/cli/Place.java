package io.sqleventstore.cli;

import io.sqleventstore.sql.StoreOptions;
import picocli.CommandLine.Option;

/** The options that say where in a database the tables are. */
final class Place {
    @Option(
            names = "--schema",
            paramLabel = "NAME",
            description = "Database schema of the tables, if not the default one.")
    private String schema = "";

    @Option(names = "--prefix", paramLabel = "TEXT", description = "What the tables' names begin with, if anything.")
    private String prefix = "";

    StoreOptions options() {
        try {
            return StoreOptions.defaults().withSchema(schema).withPrefix(prefix);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
