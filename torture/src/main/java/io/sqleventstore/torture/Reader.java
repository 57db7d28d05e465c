package io.sqleventstore.torture;

import io.sqleventstore.PositionUndecided;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.torture.FinalLedger.Fact;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.Stream;

/** A thread that replays everything from some recent position on, again and again. */
final class Reader {
    private static final int BACK = 2_000;
    private static final int LONGEST_NAP_MILLIS = 400;

    private final Clerk clerk;
    private final SqlEventStore store;
    private final Calm calm;
    private final Random random;
    private long last = 1;

    Reader(Clerk clerk, SqlEventStore store, Calm calm, Orders orders) {
        this.clerk = clerk;
        this.store = store;
        this.calm = calm;
        this.random = new Random(orders.seed());
    }

    void work() {
        while (!calm.isThere()) {
            try {
                replay(Math.max(1, last - random.nextInt(BACK)));
            } catch (RuntimeException e) {
                boolean allowed = // whether the database had to refuse is for the checker to say
                        e instanceof StoreUnavailable || e instanceof StoreFailure || e instanceof PositionUndecided;
                clerk.failed("replay", !allowed, e);
            }
            Calm.pause(random.nextInt(LONGEST_NAP_MILLIS));
        }
    }

    private void replay(long from) {
        long began = System.nanoTime();
        Digest.Reading reading = new Digest.Reading(from);
        try (Stream<StoredEvent> events = store.replay(Selection.all().from(from))) {
            for (Iterator<StoredEvent> each = events.iterator(); each.hasNext(); ) {
                reading.add(Fact.of(each.next()));
            }
        }
        clerk.replayed(began, reading); // one of nothing, too: there may have been something
        last = Math.max(1, reading.last());
    }
}
