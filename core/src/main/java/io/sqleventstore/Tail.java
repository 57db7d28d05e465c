package io.sqleventstore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A consumer's way along the ledger: each selected event once, in position order, none missed, whatever the writers do.
 *
 * <p>For one thread at a time, except {@link #waiting()}, which any thread may ask. It holds no connection between calls and needs no closing. It throws what {@link EventStore}
 * throws, and stays where it was then: call again.
 */
public interface Tail {
    /**
     * The next events, waiting for some if there are none yet. It pauses between two looks ({@link TailOptions#shortestPause}, {@link
     * TailOptions#longestPause}), so what comes after some time without selected events may come as much later as the longest pause.
     *
     * @param atMost how long to look and wait; zero or negative looks once and doesn't wait
     * @return events with the cursor after them; no events when the time is up, where the cursor may have moved over events
     *     that are not selected
     * @throws CursorRefused if the event at the cursor is not there any more: the database lost events
     */
    Page next(Duration atMost);

    /** {@return where it stands: after the page that {@link #next} returned last} */
    Cursor cursor();

    /** {@return what holds it up at the moment, if anything: a position that is neither an event nor known to stay empty} */
    Optional<Waiting> waiting();

    /**
     * Some events and where they end.
     *
     * @param events in position order
     * @param cursor after the last of them; store it together with what was made of them
     */
    record Page(List<StoredEvent> events, Cursor cursor) {
        /**
         * Copies the events.
         *
         * @param events as {@link #events}
         * @param cursor as {@link #cursor}
         */
        public Page {
            events = List.copyOf(events);
        }
    }

    /**
     * What a tail waits for.
     *
     * @param position the lowest position that is not decided
     * @param since when this tail first saw that it was missing, by this machine's clock
     * @param reason why it isn't settled yet, in words
     */
    record Waiting(long position, Instant since, String reason) {}
}
