package io.sqleventstore.torture;

import io.sqleventstore.torture.Note.Began;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Ended;
import io.sqleventstore.torture.Note.Failed;
import io.sqleventstore.torture.Note.Fresh;
import io.sqleventstore.torture.Note.GaveUp;
import io.sqleventstore.torture.Note.Planned;
import io.sqleventstore.torture.Note.Replayed;
import io.sqleventstore.torture.Note.Spot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that clients noted. */
final class History {
    /** The end of an attempt that nobody saw the end of. */
    static final long NEVER = Long.MAX_VALUE;

    /**
     * An attempt to append.
     *
     * @param began when the client was about to call
     * @param ended when it had the answer; {@link #NEVER} if its process died before
     * @param key the append key
     * @param events what it was to store
     * @param outcome what the client knows
     * @param repeated whether the store said that it had the append already
     * @param spots where the events are, or what the head is that makes it stale
     * @param why the exception, or empty
     */
    record Attempt(
            long began,
            long ended,
            String key,
            List<Planned> events,
            Outcome outcome,
            boolean repeated,
            List<Spot> spots,
            String why) {}

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Replayed> replays = new ArrayList<>();
    private final List<Failed> failures = new ArrayList<>();
    private final List<Fresh> fresh = new ArrayList<>();
    private final List<GaveUp> unresolved = new ArrayList<>();
    private final Map<String, List<Delivered>> tails = new LinkedHashMap<>();

    /** Adds what one process noted: by its writers and readers, and of a tail, which is one through all the processes that carried it on. */
    void add(List<Note> ofCalls, String tail, List<Note> ofTail) {
        addCalls(ofCalls);
        List<Delivered> delivered = tails.computeIfAbsent(tail, name -> new ArrayList<>());
        for (Note note : ofTail) {
            if (note instanceof Delivered page) {
                delivered.add(page);
            } else if (note instanceof Failed failed) {
                failures.add(failed);
            }
        }
    }

    private void addCalls(List<Note> notes) {
        Map<Long, Began> open = new HashMap<>();
        Map<String, Attempt> latest = new HashMap<>();
        for (Note note : notes) {
            if (note instanceof Began began) {
                open.put(began.attempt(), began);
            } else if (note instanceof Ended ended) {
                Began began = open.remove(ended.attempt());
                if (began == null) {
                    throw new IllegalArgumentException("an attempt ended that had not begun: " + ended);
                }
                Attempt attempt = attempt(began, ended, latest.get(began.key()));
                latest.put(attempt.key(), attempt);
                attempts.add(attempt);
            } else if (note instanceof Replayed replayed) {
                replays.add(replayed);
            } else if (note instanceof Fresh append) {
                fresh.add(append);
            } else if (note instanceof GaveUp gaveUp) {
                unresolved.add(gaveUp);
            } else if (note instanceof Failed failed) {
                failures.add(failed);
            }
        }
        for (Began began : open.values()) {
            Ended never = new Ended(began.attempt(), NEVER, Outcome.UNKNOWN, false, List.of(), "process died");
            attempts.add(attempt(began, never, latest.get(began.key())));
        }
    }

    /** What it has in common with the attempt before, under the same key, it doesn't hold twice. */
    private static Attempt attempt(Began began, Ended ended, @Nullable Attempt before) {
        return new Attempt(
                began.at(),
                ended.at(),
                before == null ? began.key() : before.key(),
                before != null && before.events().equals(began.events()) ? before.events() : began.events(),
                ended.outcome(),
                ended.repeated(),
                before != null && before.spots().equals(ended.spots()) ? before.spots() : ended.spots(),
                ended.why().intern());
    }

    List<Attempt> attempts() {
        return attempts;
    }

    List<Replayed> replays() {
        return replays;
    }

    List<Fresh> fresh() {
        return fresh;
    }

    List<GaveUp> unresolved() {
        return unresolved;
    }

    List<Failed> failures() {
        return failures;
    }

    /** By the tail's name, its pages in the order of delivery. */
    Map<String, List<Delivered>> tails() {
        return tails;
    }
}
