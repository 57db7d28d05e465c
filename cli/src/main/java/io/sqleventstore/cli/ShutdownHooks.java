package io.sqleventstore.cli;

/** What is done when the process is told to end, as by Ctrl-C. */
final class ShutdownHooks {
    private ShutdownHooks() {}

    /** Adds one that stops what runs and removes what it has made, and says so, and also what it could not remove. */
    static Thread stopping(Output output, String whatRuns, Runnable stop) {
        Thread hook = new Thread(() -> {
            output.errors().println("eventstore: interrupted; removing what " + whatRuns + " has made");
            try {
                stop.run();
            } catch (IllegalStateException e) {
                output.errors().println("eventstore: " + e.getMessage());
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
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
