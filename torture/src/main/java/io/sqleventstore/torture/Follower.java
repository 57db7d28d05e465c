package io.sqleventstore.torture;

import io.sqleventstore.Cursor;
import io.sqleventstore.PositionUndecided;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.Tail;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.torture.FinalLedger.Fact;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Spot;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A thread that follows the ledger, from where the process before it was. */
final class Follower {
    private static final Duration AT_MOST = Duration.ofMillis(300);
    private static final Duration TO_THE_END = Duration.ofMinutes(5);
    private static final int LONGEST_NAP_MILLIS = 40;

    private final Notes notes;
    private final Calm drained;
    private final Random random;
    private final Tail tail;

    /** One that is to stop when it has seen what was there when that is declared. */
    Follower(Notes notes, SqlEventStore store, Calm drained, Orders orders) {
        this.notes = notes;
        this.drained = drained;
        this.random = new Random(orders.seed());
        this.tail = store.tail(Selection.all(), new Cursor(orders.cursor()));
    }

    void work() {
        while (!drained.isThere()) {
            poll();
            if (random.nextInt(10) == 0) {
                Calm.pause(random.nextInt(LONGEST_NAP_MILLIS)); // a slow consumer
            }
        }
        drain();
    }

    /** Until it says itself that nothing more is there; whether that was so is for the checker to say. */
    private void drain() {
        long deadline = System.nanoTime() + TO_THE_END.toNanos();
        boolean more = true;
        while (more && System.nanoTime() < deadline) {
            more = poll();
        }
    }

    /** Whether more may be there. */
    private boolean poll() {
        Cursor before = tail.cursor();
        try {
            Tail.Page page = tail.next(AT_MOST);
            long at = System.nanoTime();
            if (!page.events().isEmpty()) {
                List<Spot> spots = page.events().stream()
                        .map(event -> Clerk.spot(event.head()))
                        .toList();
                List<Long> digests = page.events().stream()
                        .map(event -> Fact.of(event).digest().high())
                        .toList();
                notes.add(new Delivered(at, spots, digests, page.cursor().token()));
            }
            return !page.cursor().equals(before) || tail.waiting().isPresent();
        } catch (RuntimeException e) {
            failed(e);
            return isAllowed(e);
        }
    }

    private void failed(RuntimeException e) {
        notes.add(new Note.Failed(System.nanoTime(), "tail", !isAllowed(e), Clerk.why(e)));
        Calm.pause(random.nextInt(LONGEST_NAP_MILLIS) + 1);
    }

    /**
     * What a tail may throw while the database comes and goes; a cursor that is refused means that events were lost. Whether the database had to
     * refuse is for the checker to say.
     */
    private static boolean isAllowed(RuntimeException e) {
        return e instanceof StoreUnavailable || e instanceof StoreFailure || e instanceof PositionUndecided;
    }
}
