package io.sqleventstore.benchmarks;

import io.sqleventstore.StoredEvent;
import java.sql.SQLException;
import java.util.List;

/** Asks for what lies beyond the last position, every two milliseconds when there is nothing: it misses what is committed late. */
final class HandFeed implements Feed {
    private static final long PAUSE_MILLIS = 2;

    private final HandRead read;
    private final HandSql sql;
    private long position;

    HandFeed(HandRead read, HandSql sql, long after) {
        this.read = read;
        this.sql = sql;
        this.position = after;
    }

    @Override
    public List<StoredEvent> next() throws SQLException, InterruptedException {
        List<StoredEvent> events = read.beyond(sql.beyond(), position);
        if (events.isEmpty()) {
            Thread.sleep(PAUSE_MILLIS);
        } else {
            position = events.get(events.size() - 1).position();
        }
        return events;
    }

    @Override
    public String state() {
        return "it is at " + position;
    }
}
