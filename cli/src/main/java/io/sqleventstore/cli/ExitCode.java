package io.sqleventstore.cli;

/** What a command's exit code means; the help's last lines say the same. */
final class ExitCode {
    static final int OK = 0;
    static final int FOUND_WRONG = 1;
    static final int USAGE = 2;
    static final int DATABASE = 3;
    static final int GIT = 4;

    private ExitCode() {}
}
