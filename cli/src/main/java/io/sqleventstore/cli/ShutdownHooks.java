package io.sqleventstore.cli;

/** What is done when the process is told to end, as by Ctrl-C. */
final class ShutdownHooks {
    private ShutdownHooks() {}

    /** Takes the hook away again, unless the process is ending already and the hook runs. */
    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            return;
        }
    }
}
