package io.sqleventstore.benchmarks;

import io.sqleventstore.StoredEvent;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Notes when a feed delivers each event; each time it goes on where it was. */
final class Follower {
    private static final long MINUTE = 60_000_000_000L;

    private final Feed feed;
    private long reached;

    /** The last position to be waited for, once it is known. */
    private volatile long last;

    /** Of a feed that begins after that position. */
    Follower(Feed feed, long after) {
        this.feed = feed;
        this.reached = after;
    }

    /** Says that writers begin. */
    void begin() {
        last = Long.MAX_VALUE;
    }

    /** Says that the writers have ended, and where. */
    void stopAt(long position) {
        last = position;
    }

    /** The time of each delivery by {@link System#nanoTime}, until the writers have ended and all is delivered. */
    Map<UUID, Long> follow() throws SQLException, InterruptedException {
        Map<UUID, Long> delivered = new HashMap<>();
        long movedAt = System.nanoTime();
        while (reached < last) {
            List<StoredEvent> events = feed.next();
            long now = System.nanoTime();
            for (StoredEvent event : events) {
                note(event, now, delivered);
                movedAt = now;
            }
            if (last != Long.MAX_VALUE && now - movedAt > MINUTE) {
                throw new IllegalStateException("The tail stands still after " + reached + ": " + feed.state() + ".");
            }
        }
        return delivered;
    }

    private void note(StoredEvent event, long now, Map<UUID, Long> delivered) {
        if (event.position() <= reached) {
            throw new IllegalStateException("The tail delivered " + event.position() + " after " + reached + ".");
        }
        delivered.put(event.id(), now);
        reached = event.position();
    }
}
