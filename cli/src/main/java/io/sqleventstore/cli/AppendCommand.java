package io.sqleventstore.cli;

import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.sql.SqlEventStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Appends events. */
@Command(
        name = "append",
        description = {
            "Append one event, or those of a file of JSON Lines, after the newest event of their entity.",
            "A file is streamed, many appends in a transaction. Each line is an event:",
            "  {\"entity\":\"game\",\"key\":\"apr-7\",\"event\":\"card-played\",\"data\":{\"card\":7},\"appendKey\":\"move-42\"}",
            "and may have \"metadata\", \"id\" and \"revision\". Lines that follow each other with one append key are stored together or not at"
                    + " all. An append that is stored already is not stored again, so a command that broke off is simply repeated. It ends"
                    + " at the first line that is wrong or refused; what comes before it is stored."
        },
        footer = {
            "",
            "Examples:",
            "  eventstore append --url jdbc:sqlite:events.db --entity game --key apr-7 --event game-started --data '{\"players\":2}' --append-key"
                    + " command-42",
            "  eventstore append --url jdbc:sqlite:events.db --from events.jsonl",
            "  eventstore append --check --from events.jsonl"
        })
final class AppendCommand implements Callable<Integer> {
    private static final int BAD_LINES_SHOWN = 20;

    private final Output output;

    @Mixin
    private final Database database = new Database();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(names = "--check", description = "With --from: only say which lines are wrong. Needs no database.")
    private boolean check;

    /** One event or a file. */
    private static final class What {
        @ArgGroup(exclusive = false, heading = "One event:%n")
        private @Nullable One one;

        @Option(
                names = "--from",
                paramLabel = "FILE",
                required = true,
                description = "Append the events of that file, or of standard input if it is -.")
        private @Nullable String from;
    }

    /** The options of one event. */
    private static final class One {
        @Option(names = "--entity", paramLabel = "NAME", required = true, description = "The entity name.")
        private String entity = "";

        @Option(names = "--key", paramLabel = "KEY", required = true, description = "The entity key.")
        private String key = "";

        @Option(names = "--event", paramLabel = "NAME", required = true, description = "The event name.")
        private String event = "";

        @Option(
                names = "--data",
                paramLabel = "JSON",
                required = true,
                description = "The data, a JSON object or array, stored to the byte; - reads it from standard input.")
        private String data = "";

        @Option(names = "--metadata", paramLabel = "JSON", description = "The metadata.")
        private @Nullable String metadata;

        @Option(
                names = "--id",
                paramLabel = "UUID",
                converter = StrictUuid.class,
                description = "The event's id, if the store is not to make it.")
        private @Nullable UUID id;

        @Option(
                names = "--append-key",
                paramLabel = "KEY",
                description = "The append key: repeated with the same, it is stored once. Random unless given.")
        private @Nullable String appendKey;

        @Option(
                names = "--revision",
                paramLabel = "N",
                description = "The revision that the event has to get; refused if the entity has moved on.")
        private @Nullable Long revision;

        Intent intent() {
            try {
                NewEvent its = new NewEvent(event, data.equals("-") ? standardInput() : data, metadata, id);
                String under = appendKey == null ? UUID.randomUUID().toString() : appendKey;
                Intent intent = new Intent(0, under, List.of(new Intent.Step(Entity.of(entity, key), its, revision)));
                intent.after(Head::beforeFirst);
                return intent;
            } catch (InvalidEvent e) {
                throw new Failure(ExitCode.USAGE, Objects.requireNonNull(e.getMessage()), e);
            }
        }

        private static String standardInput() {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(System.in.readAllBytes()))
                        .toString();
            } catch (IOException e) {
                throw new Failure(ExitCode.USAGE, "Standard input can't be read, or is no UTF-8.", e);
            }
        }
    }

    AppendCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        One one = what.one;
        if (one != null) {
            return appendOne(one.intent());
        }
        String file = Objects.requireNonNull(what.from);
        return check ? checkAll(file) : appendAll(file);
    }

    private int appendOne(Intent intent) {
        try (OpenDatabase open = database.open()) {
            Map<Entity, Head> heads = new HashMap<>();
            AppendResult result = intent.appendTo(
                    open.store(),
                    entity -> heads.getOrDefault(entity, Head.beforeFirst(entity)),
                    head -> heads.put(head.entity(), head));
            Head head = result.head();
            output.line(
                    "%s: %s revision %d, position %d, id %s, append key %s",
                    result.repeated() ? "stored before" : "stored",
                    head.entity(),
                    head.revision(),
                    head.position(),
                    Objects.requireNonNull(head.eventId()),
                    result.key());
            Facts facts = Facts.of("repeated", result.repeated());
            facts.and("position", head.position());
            facts.and("id", head.eventId());
            facts.and("revision", head.revision());
            facts.and("appendKey", result.key());
            output.result(facts);
            return ExitCode.OK;
        } catch (StaleAppend e) {
            throw new Failure(ExitCode.FOUND_WRONG, Intent.reason(e), e);
        }
    }

    private int appendAll(String file) {
        Stopwatch watch = new Stopwatch();
        try (LineReader lines = LineReader.open(file);
                OpenDatabase open = database.open();
                Progress progress = Progress.start(output, "Append", " events", Progress.UNKNOWN)) {
            SqlEventStore store = open.store();
            Appender appender = new Appender(open, store, AppendCommand::refused);
            try {
                readAll(new IntentReader(lines), appender, progress);
            } catch (Refused e) {
                throw new Failure(ExitCode.FOUND_WRONG, e.getMessage() + stored(appender), e);
            }
            output.line(
                    "Appended   %,d events (%,d appends), %,d (%,d) were there already; %s",
                    appender.added(),
                    appender.addedAppends(),
                    appender.repeated(),
                    appender.repeatedAppends(),
                    watch.rate(appender.added() + appender.repeated()));
            Facts facts = Facts.of("events", appender.added());
            facts.and("appends", appender.addedAppends());
            facts.and("repeatedEvents", appender.repeated());
            facts.and("repeatedAppends", appender.repeatedAppends());
            output.result(facts);
            return ExitCode.OK;
        }
    }

    private static void readAll(IntentReader reader, Appender appender, Progress progress) {
        try {
            for (Intent intent = reader.next(); intent != null; intent = reader.next()) {
                appender.add(intent);
                progress.step(intent.events().size());
            }
        } catch (BadLine e) {
            appender.flush(); // a refusal before the line comes first
            throw new Refused(Objects.requireNonNull(e.getMessage()), e);
        }
        appender.flush();
    }

    private static Refused refused(Intent intent, EventStoreException e) {
        return new Refused("line " + intent.line() + ": " + Intent.reason(e), e);
    }

    private static String stored(Appender appender) {
        return " The %,d events (%,d appends) before it are stored; mend the line and repeat the command, it goes on there."
                .formatted(
                        appender.added() + appender.repeated(), appender.addedAppends() + appender.repeatedAppends());
    }

    private int checkAll(String file) {
        long appends = 0;
        long events = 0;
        long bad = 0;
        try (LineReader lines = LineReader.open(file)) {
            IntentReader reader = new IntentReader(lines);
            for (boolean more = true; more; ) {
                try {
                    Intent intent = reader.next();
                    more = intent != null;
                    if (intent != null) {
                        appends++;
                        events += intent.events().size();
                    }
                } catch (BadLine e) {
                    if (bad++ < BAD_LINES_SHOWN) {
                        output.errors().println("eventstore: " + e.getMessage());
                    }
                }
            }
        }
        output.line("%,d events (%,d appends), %,d lines are wrong.", events, appends, bad);
        output.result(Facts.of("events", events).and("appends", appends).and("wrongLines", bad));
        return bad == 0 ? ExitCode.OK : ExitCode.FOUND_WRONG;
    }

    /** What ends a file early: a line, or an append that begins there. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
