package io.sqleventstore.benchmarks;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A table in Markdown, printed row by row: what was measured stays on the screen if a later row fails. */
final class Table {
    private final PrintStream out;

    Table(PrintStream out, String title, String... columns) {
        this.out = out;
        out.println();
        out.println("**" + title + "**");
        out.println();
        row((Object[]) columns);
        out.println(Arrays.stream(columns).map(column -> "--:").collect(Collectors.joining("|", "|", "|")));
    }

    void row(Object... cells) {
        out.println(Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |")));
    }
}
