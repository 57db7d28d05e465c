package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * How and where it is measured.
 *
 * @param url the database
 * @param connections numbers of connections, each measured by itself
 * @param seconds how long one measurement takes
 * @param rounds how often each is repeated
 * @param pace events per second of all paced writers together
 * @param appendsPerCommit how many appends of the library share a commit at most; 0 for as many as the dialect has
 * @param out for the tables
 * @param progress for what is going on meanwhile
 */
record Run(
        String url,
        List<Integer> connections,
        double seconds,
        int rounds,
        int pace,
        int appendsPerCommit,
        PrintStream out,
        PrintStream progress) {
    /** Refuses what can't be measured. */
    Run {
        boolean writers = !connections.isEmpty() && connections.stream().allMatch(number -> number >= 1);
        if (!writers || seconds <= 0 || rounds < 1 || pace < 1) {
            throw new Refusal("Connections, seconds, rounds and pace have to be more than zero.");
        }
        if (appendsPerCommit < 0 || appendsPerCommit > 64) {
            throw new Refusal("Appends per commit have to be 0 to 64.");
        }
    }

    /** A new place, with a pool of that many connections. */
    Place place(int poolSize) throws SQLException, IOException {
        return Place.create(url, poolSize, appendsPerCommit);
    }

    long nanos() {
        return (long) (seconds * 1e9);
    }

    Table table(String title, String... columns) {
        return new Table(out, title, columns);
    }

    void progress(String format, Object... values) {
        progress.println(String.format(Locale.ROOT, format, values));
    }
}
