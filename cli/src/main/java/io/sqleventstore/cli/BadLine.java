package io.sqleventstore.cli;

/** A line of the input that is not what it has to be. */
final class BadLine extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With its number and, after a colon, what is wrong. */
    BadLine(long number, String what) {
        super("line " + number + ": " + what);
    }
}
