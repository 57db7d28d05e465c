package io.sqleventstore.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with a message for a person and an exit code. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    Failure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    Failure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
