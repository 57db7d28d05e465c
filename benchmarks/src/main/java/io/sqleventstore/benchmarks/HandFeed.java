package io.sqleventstore.benchmarks;

import io.sqleventstore.StoredEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Asks for what lies beyond the last position, and pauses when there is nothing: it misses what is committed late. */
final class HandFeed implements Feed {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final HandRead read;
    private final String beyond;
    private final Predicate<StoredEvent> selected;
    private final Duration pause;
    private long position;

    private HandFeed(HandRead read, String beyond, Predicate<StoredEvent> selected, Duration pause, long after) {
        this.read = read;
        this.beyond = beyond;
        this.selected = selected;
        this.pause = pause;
        this.position = after;
    }

    /** All events, every two milliseconds. */
    static HandFeed ofAll(HandRead read, HandSql sql, long after) {
        return new HandFeed(read, sql.beyond(), event -> true, PAUSE, after);
    }

    /** Those of entities of that name; it goes on from the newest event, of whichever entity that is. */
    static HandFeed of(String entity, HandRead read, HandSql sql, Duration pause, long after) {
        return new HandFeed(
                read, sql.beyond(entity), event -> event.entity().name().equals(entity), pause, after);
    }

    @Override
    public List<StoredEvent> next() throws SQLException, InterruptedException {
        List<StoredEvent> events = read.beyond(beyond, position);
        if (!events.isEmpty()) {
            position = events.get(events.size() - 1).position();
        }
        List<StoredEvent> some = events.stream().filter(selected).toList();
        if (some.isEmpty()) {
            Thread.sleep(pause.toMillis());
        }
        return some;
    }

    @Override
    public String state() {
        return "it is at " + position;
    }
}
