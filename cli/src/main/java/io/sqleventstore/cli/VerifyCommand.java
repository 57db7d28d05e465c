package io.sqleventstore.cli;

import io.sqleventstore.sql.LedgerEntry;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.Verification;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Re-checks a whole ledger. */
@Command(
        name = "verify",
        description = "Read the whole ledger and check every rule of the contract that stored data can show broken.",
        footer = {
            "",
            "Examples:",
            "  eventstore verify --url jdbc:sqlite:events.db",
            "  eventstore verify --url jdbc:sqlite:events.db --digest",
            "  eventstore verify --url jdbc:sqlite:events.db --against ledger.jsonl",
            "  eventstore export --url jdbc:sqlite:old.db | eventstore verify --url jdbc:sqlite:new.db --against -"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Output output;
    private final Facts facts = new Facts();

    @Mixin
    private final Database database = new Database();

    @Option(
            names = "--digest",
            description =
                    "Also print the SHA-256 that an export of this ledger would end with; equal ledgers have the same.")
    private boolean digest;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description =
                    "Also compare with an exported ledger (- for standard input): every position, to the last byte.")
    private @Nullable String against;

    VerifyCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        try (OpenDatabase open = database.open()) {
            SqlEventStore store = open.store();
            boolean good = verify(store);
            if (digest) {
                printDigest(store);
            }
            if (against != null) {
                good &= compare(store, against);
            }
            output.result(facts);
            return good ? ExitCode.OK : ExitCode.FOUND_WRONG;
        }
    }

    private boolean verify(SqlEventStore store) {
        Stopwatch watch = new Stopwatch();
        Verification verification = store.verify();
        verification.checks().forEach(this::print);
        output.line(
                "%s: %,d events of %,d entities, last position %,d, %s.",
                verification.clean() ? output.styled("fg(green)", "clean") : output.styled("fg(red)", "NOT CLEAN"),
                verification.events(),
                verification.entities(),
                verification.lastPosition(),
                watch.rate(verification.events()));
        facts.and("clean", verification.clean());
        facts.and("events", verification.events());
        facts.and("entities", verification.entities());
        facts.and("lastPosition", verification.lastPosition());
        facts.and(
                "checks",
                verification.checks().stream().map(VerifyCommand::facts).toList());
        return verification.clean();
    }

    private void print(Verification.Check check) {
        boolean kept = check.violations().isEmpty();
        String outcome = kept ? output.styled("fg(green)", "ok      ") : output.styled("fg(red)", "VIOLATED");
        output.line("%s %-23s %s", outcome, check.clauses(), check.rule());
        check.violations().forEach(violation -> output.line("           %s", violation));
    }

    private static Facts facts(Verification.Check check) {
        return Facts.of("clauses", check.clauses()).and("rule", check.rule()).and("violations", check.violations());
    }

    private void printDigest(SqlEventStore store) {
        try (Progress progress = Progress.start(output, "Digest", " positions", Progress.UNKNOWN)) {
            Iterator<LedgerEntry> entries = store.entries().iterator();
            String sha256 =
                    new LedgerWriter(OutputStream.nullOutputStream()).write(store.registered(), entries, progress);
            output.line("sha256: %s", sha256);
            facts.and("sha256", sha256);
        }
    }

    private boolean compare(SqlEventStore store, String file) {
        String difference = difference(store, file);
        boolean equal = difference == null;
        if (difference == null) {
            output.line(
                    "%s: every position of %s and of the ledger is the same.",
                    output.styled("fg(green)", "equal"), file);
        } else {
            output.line("%s: %s", output.styled("fg(red)", "NOT EQUAL"), difference);
        }
        facts.and("equal", equal);
        if (difference != null) {
            facts.and("difference", difference);
        }
        return equal;
    }

    /** The first, or null if there is none. */
    private @Nullable String difference(SqlEventStore store, String file) {
        try (LineReader lines = LineReader.open(file);
                Progress progress = Progress.start(output, "Compare", " positions", Progress.UNKNOWN)) {
            LedgerReader theirs = new LedgerReader(lines);
            Iterator<LedgerEntry> ours = store.entries().iterator();
            if (!theirs.types().equals(store.registered())) {
                return "other names are registered.";
            }
            while (theirs.hasNext()) {
                LedgerEntry their = theirs.next();
                if (!ours.hasNext()) {
                    return "the ledger ends before position " + their.position() + ".";
                }
                if (!ours.next().equals(their)) {
                    return "position " + their.position() + " is another.";
                }
                progress.step(1);
            }
            return ours.hasNext()
                    ? "the ledger goes on at position " + ours.next().position() + "."
                    : null;
        } catch (BadLine e) {
            throw new Failure(ExitCode.FOUND_WRONG, "The exported ledger is damaged, " + e.getMessage(), e);
        }
    }
}
