package io.sqleventstore.cli;

import io.sqleventstore.EntityType;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.sql.SqlEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers which events entities may have. */
@Command(
        name = "register",
        description = "Register event names for an entity name. Harmless to repeat; a registered name stays for ever.",
        footer = {
            "",
            "Examples:",
            "  eventstore register --url jdbc:sqlite:events.db game game-started card-played",
            "  eventstore register --url jdbc:sqlite:events.db --from names.jsonl",
            "  eventstore register --url jdbc:sqlite:events.db --list"
        })
final class RegisterCommand implements Callable<Integer> {
    private final Output output;

    @Mixin
    private final Database database = new Database();

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Register what a file (- for standard input) lists, a line {\"entity\":\"NAME\",\"event\":\"NAME\"} each.")
    private @Nullable String from;

    @Option(names = "--list", description = "Write what is registered, after that.")
    private boolean list;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ENTITY", description = "The entity name.")
    private @Nullable String entity;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "EVENT", description = "Its event names.")
    private List<String> events = new ArrayList<>();

    RegisterCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        List<EntityType> types = types();
        try (OpenDatabase open = database.open()) {
            SqlEventStore store = open.store();
            store.register(types.toArray(EntityType[]::new));
            if (list) {
                store.registered().forEach(this::print);
            } else {
                long names =
                        types.stream().mapToLong(type -> type.events().size()).sum();
                output.line("Registered %,d event names of %,d entity names.", names, types.size());
                output.result(Facts.of("events", names).and("entities", types.size()));
            }
            return ExitCode.OK;
        }
    }

    private List<EntityType> types() {
        SortedMap<String, SortedSet<String>> names = new TreeMap<>();
        if (entity != null) {
            names.computeIfAbsent(entity, name -> new TreeSet<>()).addAll(events);
        }
        if (from != null) {
            read(from, names);
        }
        if (names.isEmpty() && !list) {
            throw new Failure(ExitCode.USAGE, "Register what? Name an entity and its events, or a file by --from.");
        }
        try {
            return names.entrySet().stream()
                    .map(type -> new EntityType(type.getKey(), type.getValue()))
                    .toList();
        } catch (InvalidEvent e) {
            throw new Failure(ExitCode.USAGE, Objects.requireNonNull(e.getMessage()), e);
        }
    }

    private static void read(String file, SortedMap<String, SortedSet<String>> names) {
        try (LineReader lines = LineReader.open(file)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    EntityType type = LedgerReader.type(Members.of(line));
                    names.computeIfAbsent(type.name(), name -> new TreeSet<>()).addAll(type.events());
                }
            }
        } catch (BadLine e) {
            throw new Failure(ExitCode.FOUND_WRONG, file + ": " + e.getMessage() + " Nothing was registered.", e);
        }
    }

    private void print(EntityType type) {
        output.line("%s: %s", type.name(), String.join(", ", type.events()));
        output.result(Facts.of("entity", type.name()).and("events", type.events()));
    }
}
