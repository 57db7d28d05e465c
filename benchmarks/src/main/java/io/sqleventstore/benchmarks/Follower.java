package io.sqleventstore.benchmarks;

import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** Notes when a tail delivers each position. */
final class Follower implements Callable<Map<Long, Long>> {
    private static final long MINUTE = 60_000_000_000L;

    private final Tail tail;
    private final Map<Long, Long> delivered = new HashMap<>();
    private long reached;

    /** The last position to be waited for, once it is known. */
    private volatile long last = Long.MAX_VALUE;

    Follower(Tail tail) {
        this.tail = tail;
    }

    /** Says that the writers have ended, and where. */
    void stopAt(long position) {
        last = position;
    }

    /** The time of each delivery by {@link System#nanoTime}. */
    @Override
    public Map<Long, Long> call() {
        long movedAt = System.nanoTime();
        while (reached < last) {
            Tail.Page page = tail.next(Duration.ofMillis(100));
            long now = System.nanoTime();
            for (StoredEvent event : page.events()) {
                note(event.position(), now);
                movedAt = now;
            }
            if (now - movedAt > MINUTE) {
                throw new IllegalStateException("The tail stands still after " + reached + ": " + tail.waiting());
            }
        }
        return delivered;
    }

    private void note(long position, long now) {
        if (position <= reached) {
            throw new IllegalStateException("The tail delivered " + position + " after " + reached + ".");
        }
        delivered.put(position, now);
        reached = position;
    }
}
