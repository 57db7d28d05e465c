package io.sqleventstore.cli;

import io.sqleventstore.torture.Torture;
import java.util.Locale;

/** How far torture is: a bar on a terminal, else a line every ten seconds; both on standard error. For one thread. */
final class TortureProgress {
    private static final long SECONDS_BETWEEN = 10;

    private final Output output;
    private final Progress bar;
    private long told;
    private long next;

    TortureProgress(Output output, Progress bar) {
        this.output = output;
        this.bar = bar;
    }

    void tell(Torture.Progress progress) {
        long seconds = progress.time().toSeconds();
        if (output.watched()) {
            bar.step(seconds - told);
            told = seconds;
        } else if (seconds >= next) {
            next = seconds + SECONDS_BETWEEN;
            output.errors()
                    .printf(
                            Locale.ROOT,
                            "%4d s  %8d appends  %6d faults%n",
                            seconds,
                            progress.acknowledged(),
                            progress.faults());
        }
    }
}
