package io.sqleventstore.benchmarks;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** Says whether the JVM's compiler still has much to do: a figure from before that is of no use. */
final class WarmUp {
    /** Milliseconds of compilation per second of work below which the compiler counts as idle. */
    private static final long IDLE = 20;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private long since;
    private long compiled;

    WarmUp() {
        begin();
    }

    /** Whether the compiler had nearly nothing to do since this was asked last. */
    boolean isDone() {
        double seconds = (System.nanoTime() - since) / 1e9;
        boolean idle = (COMPILER.getTotalCompilationTime() - compiled) / seconds < IDLE;
        begin();
        return idle;
    }

    private void begin() {
        since = System.nanoTime();
        compiled = COMPILER.getTotalCompilationTime();
    }
}
