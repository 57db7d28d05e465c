package io.sqleventstore.cli;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** How far the suite is: a bar on a terminal, else a line for each test; both on standard error. For one thread. */
final class CertifyProgress implements TestExecutionListener, AutoCloseable {
    private final Output output;
    private @Nullable ProgressBar bar;
    private Stopwatch watch = new Stopwatch();
    private long tests;
    private long finished;

    CertifyProgress(Output output) {
        this.output = output;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        tests = plan.countTestIdentifiers(TestIdentifier::isTest);
        if (output.watched()) {
            bar = new ProgressBarBuilder()
                    .setTaskName("Certify")
                    .setUnit(" tests", 1)
                    .setInitialMax(tests)
                    .setConsumer(new ConsoleProgressBarConsumer(output.errors()))
                    .clearDisplayOnFinish()
                    .build();
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        watch = new Stopwatch();
        if (bar != null && test.isTest()) {
            bar.setExtraMessage(" " + test.getDisplayName());
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (!test.isTest()) {
            return;
        }
        finished++;
        if (bar != null) {
            bar.step();
        } else {
            String outcome = result.getStatus().name().toLowerCase(Locale.ROOT);
            output.errors()
                    .printf(
                            Locale.ROOT,
                            "%3d/%d  %-10s %6.1f s  %s%n",
                            finished,
                            tests,
                            outcome,
                            watch.seconds(),
                            test.getDisplayName());
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
