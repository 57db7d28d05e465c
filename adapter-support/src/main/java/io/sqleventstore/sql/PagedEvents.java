package io.sqleventstore.sql;

import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The pages of a selection: each is read when it is wanted, and asks for what lies beyond the last event of the one before. */
final class PagedEvents implements Iterator<List<StoredEvent>> {
    private final Function<Selection, Slice> read;
    private Selection rest;
    private boolean finished;

    PagedEvents(Selection selection, Function<Selection, Slice> read) {
        this.read = read;
        this.rest = selection;
        this.finished = isEmpty(selection);
    }

    @Override
    public boolean hasNext() {
        return !finished;
    }

    @Override
    public List<StoredEvent> next() {
        if (finished) {
            throw new NoSuchElementException();
        }
        Slice next = read.apply(rest);
        finished = next.last();
        if (!finished) {
            rest = beyond(rest, next);
            finished = isEmpty(rest);
        }
        return next.events();
    }

    private static Selection beyond(Selection selection, Slice page) {
        int size = page.events().size();
        long lastPosition = page.events().get(size - 1).position();
        Selection limited = selection.limit() == Long.MAX_VALUE ? selection : selection.limit(selection.limit() - size);
        return selection.backwards() ? limited.to(lastPosition - 1) : limited.from(lastPosition + 1);
    }

    private static boolean isEmpty(Selection selection) {
        return selection.limit() == 0 || selection.fromPosition() > selection.toPosition();
    }
}
