package io.sqleventstore.cli;

import java.util.concurrent.Callable;

/** What is done when the process is told to end, as by Ctrl-C. */
final class ShutdownHooks {
    private ShutdownHooks() {}

    /** Runs it; if the process is told to end meanwhile, stops it and removes what it has made, and says so, and also what could not be removed. */
    static <T> T stopping(Output output, String whatRuns, Runnable stop, Callable<T> run) throws Exception {
        Thread hook = new Thread(() -> {
            output.errors().println("eventstore: interrupted; removing what " + whatRuns + " has made");
            try {
                stop.run();
            } catch (IllegalStateException e) {
                output.errors().println("eventstore: " + e.getMessage());
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run.call();
        } finally {
            remove(hook);
        }
    }

    /** Takes the hook away again, unless the process is ending already and the hook runs. */
    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            return;
        }
    }
}
