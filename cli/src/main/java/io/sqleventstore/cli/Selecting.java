package io.sqleventstore.cli;

import io.sqleventstore.InvalidEvent;
import io.sqleventstore.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which events. */
final class Selecting {
    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<OfEntity> entities = new ArrayList<>();

    @Option(names = "--event", paramLabel = "NAME", description = "Only events of this name; may be repeated.")
    private List<String> names = new ArrayList<>();

    /** What the options select, and what a command adds to it. */
    Selection selection(UnaryOperator<Selection> more) {
        try {
            Selection selection = Selection.all();
            for (OfEntity entity : entities) {
                selection = entity.in(selection);
            }
            for (String name : names) {
                selection = selection.named(name);
            }
            return more.apply(selection);
        } catch (InvalidEvent | IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, Objects.requireNonNull(e.getMessage()), e);
        }
    }

    /** An entity name and the keys wanted. */
    private static final class OfEntity {
        @Option(
                names = "--entity",
                paramLabel = "NAME",
                required = true,
                description = "Only events of entities of this name; may be repeated.")
        private String name = "";

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "Only events of the entity with this key, of the --entity before it; may be repeated.")
        private List<String> keys = new ArrayList<>();

        Selection in(Selection selection) {
            return keys.isEmpty()
                    ? selection.ofEntity(name)
                    : selection.ofEntity(
                            name, keys.get(0), keys.subList(1, keys.size()).toArray(String[]::new));
        }
    }
}
