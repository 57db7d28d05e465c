package io.sqleventstore.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** How far long work has got, on standard error, if a person is watching. */
final class Progress implements AutoCloseable {
    /** Where nobody knows how much there is. */
    static final long UNKNOWN = -1;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    static Progress start(Output output, String task, String unit, long all) {
        return new Progress(
                output.watched()
                        ? new ProgressBarBuilder()
                                .setTaskName(task)
                                .setUnit(unit, 1)
                                .setInitialMax(all)
                                .setConsumer(new ConsoleProgressBarConsumer(output.errors()))
                                .clearDisplayOnFinish()
                                .build()
                        : null);
    }

    void step(long things) {
        if (bar != null) {
            bar.stepBy(things);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
