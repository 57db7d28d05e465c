package io.sqleventstore.cli;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.torture.Report;
import io.sqleventstore.torture.ReportFiles;
import io.sqleventstore.torture.Torture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a store under faults on any database, and checks what came of it. */
@Command(
        name = "torture",
        description = {
            "Put a store under faults, and check from what its clients noted that no event was lost, doubled, skipped or reordered.",
            "Several processes append, replay and follow through a proxy that cuts, delays, tears and swallows what they say;"
                    + " sessions and processes are killed; the server too, if --crash says how. The user has to have the right to"
                    + " create schemas and users. It works in a schema and with users of its own, named es_ and eight hexadecimal"
                    + " digits (on SQLite: files beside the named one), and removes them at its end. On a server of your own only:"
                    + " it is put under load, and --crash is what it says."
        },
        footer = {
            "",
            "Examples:",
            "",
            "  ./eventstore torture --url jdbc:sqlite:torture.db --minutes 1",
            "  ./eventstore torture --url jdbc:postgresql://localhost/test --minutes 10 --seed 42 --report torture \\",
            "    --crash 'docker kill -s KILL pg; docker start pg'",
            "",
            "With the same seed what is done by chance is chosen alike; how the machine schedules it is not.",
            "Exit code 0 means that everything was checked and holds, and nothing else does."
        })
final class TortureCommand implements Callable<Integer> {
    private static final double SECONDS_PER_MINUTE = 60;

    private final Output output;

    @Mixin
    private final Login login = new Login();

    @Mixin
    private final FixtureChoice choice = new FixtureChoice();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "1",
            description = "How long faults are made; a fraction will do. A minute unless it is said.")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of what is done by chance; the time unless it is said.")
    private @Nullable Long seed;

    @Option(
            names = "--crash",
            paramLabel = "COMMAND",
            description =
                    "Command of the shell that kills the server at once and starts it again; done every few seconds.")
    private @Nullable String crash;

    @Option(
            names = "--fill",
            paramLabel = "DIR",
            description =
                    "Fill the file system of that folder for a second or so, again and again. Take one of a few hundred"
                            + " megabytes that has the database's files and nothing else.")
    private @Nullable Path fill;

    @Option(
            names = "--appends-per-commit",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many appends of a process share a commit at most, 1 to 64; 1 for none, 0 (the default) for what the"
                            + " dialect has.")
    private int appendsPerCommit;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write the report there, as torture-<dialect>.html and .json.")
    private @Nullable Path report;

    TortureCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() throws Exception {
        if (!(minutes > 0)) {
            throw new Failure(ExitCode.USAGE, "--minutes has to be more than 0.");
        }
        if (appendsPerCommit < 0 || appendsPerCommit > 64) {
            throw new Failure(ExitCode.USAGE, "--appends-per-commit has to be 0 to 64.");
        }
        long chosen = seed == null ? System.nanoTime() : seed;
        output.line("Seed       %d", chosen);
        Torture torture = torture().seed(chosen);
        Report found = ShutdownHooks.stopping(output, "the run", torture::stop, () -> {
            try (Progress bar = Progress.start(output, "Torture", " s", Math.round(minutes * SECONDS_PER_MINUTE))) {
                return torture.tell(new TortureProgress(output, bar)::tell).run();
            }
        });
        print(found);
        if (report != null) {
            output.line("Report in %s", ReportFiles.write(found, report));
        }
        return found.holds() ? ExitCode.OK : ExitCode.FOUND_WRONG;
    }

    private Torture torture() throws IOException {
        String url = login.named();
        Fixture fixture = choice.of(login, url);
        String user = login.user();
        Torture torture = user == null
                ? new Torture(fixture, url)
                : new Torture(fixture, url, user, Objects.requireNonNullElse(login.password(), ""));
        torture.appendsPerCommit(appendsPerCommit);
        torture.lasting(Duration.ofMillis(Math.round(minutes * SECONDS_PER_MINUTE * 1_000)));
        if (fill != null) {
            torture.filling(fill);
        }
        return crash == null ? torture : torture.crashing(crash);
    }

    private void print(Report found) {
        output.line("Server     %s", found.version());
        if (!found.durability().isEmpty()) {
            output.line("Settings   %s", found.durability());
        }
        print("Faults", found.faults());
        print("Attempts", found.outcomes());
        output.line(
                "Ledger     %d events, %d voids; %d deliveries by tails, %d replays, compared with it",
                found.events(), found.voids(), found.deliveries(), found.replays());
        print("before", found.before());
        print("during", found.during());
        print("after", found.after());
        found.violations()
                .forEach(
                        each -> output.line("%s %s: %s", output.styled("fg(red)", "BROKEN"), each.rule(), each.what()));
        if (!found.notes().isEmpty()) {
            output.line("What the clients noted is kept in %s", found.notes());
        }
        if (!found.leftBehind().isEmpty()) {
            output.errors().println("eventstore: " + found.leftBehind());
        }
        output.line(
                "%s",
                found.holds()
                        ? output.styled("bold,fg(green)", "HOLDS: nothing lost, doubled, skipped or reordered")
                        : output.styled("bold,fg(red)", "BROKEN: the store did not keep its promises"));
        output.result(Facts.of("holds", found.holds())
                .and("seed", found.seed())
                .and("faults", sum(found.faults()))
                .and("attempts", sum(found.outcomes()))
                .and("events", found.events())
                .and("violations", found.violations().size()));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void print(String what, Map<String, Long> counts) {
        output.line("%-10s %d", what, sum(counts));
        counts.forEach((name, count) -> output.line("           %7d %s", count, name));
    }

    private void print(String phase, Report.Phase it) {
        output.line(
                "%-10s %.0f appends/s, a tail's lag %.0f ms (p50), %.0f ms (p99)",
                phase, it.appendsPerSecond(), it.lagP50Millis(), it.lagP99Millis());
    }
}
