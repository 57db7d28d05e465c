package io.sqleventstore.benchmarks;

import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.sql.SqlEventStore;
import java.time.Duration;
import java.util.List;

/** A tail with default options. */
final class LibraryFeed implements Feed {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Tail tail;

    LibraryFeed(SqlEventStore store, Cursor from) {
        this.tail = store.tail(Selection.all(), from);
    }

    @Override
    public List<StoredEvent> next() {
        return tail.next(LOOK).events();
    }

    @Override
    public String state() {
        return "it waits for " + tail.waiting();
    }
}
