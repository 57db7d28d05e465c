package io.sqleventstore.benchmarks;

import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import java.time.Duration;
import java.util.List;

/** What a tail delivers. */
final class LibraryFeed implements Feed {
    private final Tail tail;
    private final Duration atMost;

    /** Waits so long at a time. */
    LibraryFeed(Tail tail, Duration atMost) {
        this.tail = tail;
        this.atMost = atMost;
    }

    @Override
    public List<StoredEvent> next() {
        return tail.next(atMost).events();
    }

    @Override
    public String state() {
        return "it waits for " + tail.waiting();
    }
}
