package io.sqleventstore.cli;

import io.sqleventstore.InvalidEvent;
import io.sqleventstore.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which events. */
final class Selecting {
    @Option(names = "--entity", paramLabel = "NAME", description = "Only events of entities of this name.")
    private @Nullable String entity;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Only events of the entity with this key; may be repeated.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--event", paramLabel = "NAME", description = "Only events of this name; may be repeated.")
    private List<String> names = new ArrayList<>();

    /** What the options select, and what a command adds to it. */
    Selection selection(UnaryOperator<Selection> more) {
        if (entity == null && !keys.isEmpty()) {
            throw new Failure(ExitCode.USAGE, "A --key needs the --entity that it belongs to.");
        }
        try {
            Selection selection = entity == null ? Selection.all() : ofEntity(entity);
            for (String name : names) {
                selection = selection.named(name);
            }
            return more.apply(selection);
        } catch (InvalidEvent | IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, Objects.requireNonNull(e.getMessage()), e);
        }
    }

    private Selection ofEntity(String name) {
        if (keys.isEmpty()) {
            return Selection.all().ofEntity(name);
        }
        return Selection.all()
                .ofEntity(name, keys.get(0), keys.subList(1, keys.size()).toArray(String[]::new));
    }
}
