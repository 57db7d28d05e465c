package io.sqleventstore.cli;

import java.io.FileDescriptor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SyncFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Where a command writes, always in UTF-8, and whether a person is watching (a terminal, and NO_COLOR not set). */
final class Output {
    private final OutputStream results;
    private final PrintStream lines;
    private final PrintStream errors;
    private final boolean watched;
    private boolean json;

    Output(OutputStream results, OutputStream errors, boolean watched) {
        this.results = results;
        this.lines = new PrintStream(results, true, StandardCharsets.UTF_8);
        this.errors = new PrintStream(errors, true, StandardCharsets.UTF_8);
        this.watched = watched;
    }

    /** For bulk results; unlike the others it throws when nobody reads any more. */
    OutputStream results() {
        return results;
    }

    /** Waits until a file that the results go to is on the device; a pipe or a terminal has nothing to wait for. */
    void force() {
        try {
            FileDescriptor.out.sync();
        } catch (SyncFailedException notAFile) {
            return;
        }
    }

    PrintStream lines() {
        return lines;
    }

    PrintStream errors() {
        return errors;
    }

    boolean watched() {
        return watched;
    }

    /** From now on {@link #result} speaks, to programs, and not {@link #line}, to people. */
    void speakJson() {
        json = true;
    }

    boolean speaksJson() {
        return json;
    }

    /** A line for people. */
    void line(String format, Object... values) {
        if (!json) {
            lines.println(String.format(Locale.ROOT, format, values));
        }
    }

    /** A line for programs. */
    void result(Facts facts) {
        if (json) {
            lines.println(facts.toJson());
        }
    }

    /** The text in picocli's style (such as {@code bold} or {@code fg(red)}) on a terminal, else as it is. */
    String styled(String style, String text) {
        if (!watched) {
            return text;
        }
        Ansi.IStyle[] styles = Ansi.Style.parse(style);
        return Ansi.Style.on(styles) + text + Ansi.Style.off(styles);
    }
}
