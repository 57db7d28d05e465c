package io.sqleventstore.cli;

import io.sqleventstore.sql.Verification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Re-checks a whole ledger. */
@Command(
        name = "verify",
        description = "Read the whole ledger and check every rule of the contract that stored data can show broken.")
final class VerifyCommand implements Callable<Integer> {
    private final Output output;

    @Mixin
    private final Database database = new Database();

    VerifyCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        try (OpenDatabase open = database.open()) {
            Stopwatch watch = new Stopwatch();
            Verification verification = open.store().verify();
            verification.checks().forEach(this::print);
            output.line(
                    "%s: %,d events of %,d entities, last position %,d, %s.",
                    verification.clean() ? output.styled("fg(green)", "clean") : output.styled("fg(red)", "NOT CLEAN"),
                    verification.events(),
                    verification.entities(),
                    verification.lastPosition(),
                    watch.rate(verification.events()));
            return verification.clean() ? ExitCode.OK : ExitCode.FOUND_WRONG;
        }
    }

    private void print(Verification.Check check) {
        boolean kept = check.violations().isEmpty();
        String outcome = kept ? output.styled("fg(green)", "ok      ") : output.styled("fg(red)", "VIOLATED");
        output.line("%s %-23s %s", outcome, check.clauses(), check.rule());
        check.violations().forEach(violation -> output.line("           %s", violation));
    }
}
