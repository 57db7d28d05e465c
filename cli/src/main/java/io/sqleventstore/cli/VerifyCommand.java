package io.sqleventstore.cli;

import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.Verification;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code eventstore verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Read the whole ledger again and check every rule over it, by other means than the constraints that keep it.",
            "Exit code 1 if one is broken."
        })
final class VerifyCommand implements CommandLine.IExitCodeGenerator, Runnable {
    @Mixin
    private Connect connect = new Connect();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private boolean clean;

    @Override
    public void run() {
        try (Connect.Database database = connect.open()) {
            long begin = System.nanoTime();
            Verification found = SqlEventStore.open(database.pool(), database.dialect(), database.options())
                    .verify();
            clean = found.clean();
            report(found, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private void report(Verification found, long millis) {
        PrintWriter out = spec.commandLine().getOut();
        for (Verification.Check check : found.checks()) {
            out.printf("%-6s %s (%s)%n", check.violations().isEmpty() ? "ok" : "BROKEN", check.rule(), check.clauses());
            check.violations().forEach(violation -> out.println("         " + violation));
        }
        out.printf(
                "%,d events of %,d entities, last position %,d, checked in %,d ms: %s%n",
                found.events(), found.entities(), found.lastPosition(), millis, clean ? "clean" : "NOT CLEAN");
        out.flush();
    }

    @Override
    public int getExitCode() {
        return clean ? 0 : Main.FOUND_WRONG;
    }
}
