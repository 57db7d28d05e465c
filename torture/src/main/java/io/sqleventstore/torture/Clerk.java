package io.sqleventstore.torture;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.torture.Note.Planned;
import io.sqleventstore.torture.Note.Spot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Notes down what one client's threads try and what comes of it. Safe for use by many threads. */
final class Clerk {
    /** Why an attempt was refused that came too late. */
    static final String STALE = "StaleAppend";

    /**
     * What a database says when its disk is full, in the words of {@link #why}: PostgreSQL; SQLite; MySQL and MariaDB for the table, the disk, an
     * error of the operating system when a file is written, a temporary file, the log of changes; Oracle for a table, an index, undo; SQL Server for a
     * file, the log.
     */
    static final Set<String> DISK_FULL = Set.of(
            "SQLState 53100",
            "code 13",
            "code 1114",
            "code 1021",
            "code 3",
            "code 1030",
            "code 1026",
            "code 1653",
            "code 1654",
            "code 30036",
            "code 1105",
            "code 9002");

    private static final String FAILURE = "StoreFailure";
    private static final Pattern WORDS = Pattern.compile("[(,)] ?");

    private final Notes notes;
    private final AtomicLong attempts =
            new AtomicLong(System.nanoTime()); // no other process of this client begins there
    private final AtomicLong acknowledged = new AtomicLong();

    Clerk(Notes notes) {
        this.notes = notes;
    }

    /** Before an attempt; its number. */
    long began(Append append) {
        List<Planned> planned = planned(append);
        long attempt = attempts.incrementAndGet();
        notes.add(new Note.Began(attempt, System.nanoTime(), append.key(), planned));
        return attempt;
    }

    private static List<Planned> planned(Append append) {
        List<Planned> planned = new ArrayList<>();
        for (Append.Part part : append.parts()) {
            for (int i = 0; i < part.events().size(); i++) {
                NewEvent event = part.events().get(i);
                planned.add(new Planned(
                        part.entity().toString(),
                        part.after().revision() + 1 + i,
                        i == 0 ? part.after().eventId() : null,
                        event.id(),
                        event.name(),
                        Digest.of(event.data())));
            }
        }
        return planned;
    }

    void stored(long attempt, AppendResult result) {
        long at = System.nanoTime();
        List<Spot> spots = result.heads().stream().map(Clerk::spot).toList();
        notes.add(new Note.Ended(attempt, at, Outcome.STORED, result.repeated(), spots, ""));
        acknowledged.incrementAndGet();
    }

    void stale(long attempt, Head head) {
        List<Spot> spots = head.isBeforeFirst() ? List.of() : List.of(spot(head));
        notes.add(new Note.Ended(attempt, System.nanoTime(), Outcome.REFUSED, false, spots, STALE));
    }

    void ended(long attempt, Outcome outcome, String why) {
        notes.add(new Note.Ended(attempt, System.nanoTime(), outcome, false, List.of(), why));
    }

    void gaveUp(Append append, String why) {
        notes.add(new Note.GaveUp(System.nanoTime(), append.key(), why));
    }

    void failed(String call, boolean broken, Throwable why) {
        notes.add(new Note.Failed(System.nanoTime(), call, broken, why(why)));
    }

    void replayed(long began, Digest.Reading reading) {
        notes.add(reading.ended(began, System.nanoTime()));
    }

    /** Before the first attempt at an append that has to be stored, because all is calm. */
    void fresh(Append append) {
        notes.add(new Note.Fresh(System.nanoTime(), append.key()));
    }

    long acknowledged() {
        return acknowledged.get();
    }

    static Spot spot(Head head) {
        return new Spot(head.position(), head.revision(), Objects.requireNonNull(head.eventId()));
    }

    /** The exception, and the database's word behind it, without any payload. */
    static String why(Throwable thrown) {
        String what = thrown.getClass().getSimpleName();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.sql.SQLException sql) {
                return what + " (SQLState " + sql.getSQLState() + ", code " + sql.getErrorCode() + ")";
            }
        }
        return what;
    }

    /**
     * Whether the store took a fault for a refusal by the database. Its client would not try again, and nothing but what is expected of the run
     * is a refusal there.
     *
     * @param why as {@link #why(Throwable)} says it
     * @param expected such as {@link #DISK_FULL}
     */
    static boolean isMistaken(String why, Set<String> expected) {
        return why.startsWith(FAILURE) && WORDS.splitAsStream(why).noneMatch(expected::contains);
    }
}
