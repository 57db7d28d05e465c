package io.sqleventstore.sql;

import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The events of a selection, read page by page: each page asks for what lies beyond the last event of the one before. */
final class PagedEvents implements Iterator<StoredEvent> {
    private final Function<Selection, Slice> read;
    private Selection rest;
    private Iterator<StoredEvent> page = Collections.emptyIterator();
    private boolean finished;

    PagedEvents(Selection selection, Function<Selection, Slice> read) {
        this.read = read;
        this.rest = selection;
        this.finished = isEmpty(selection);
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !finished) {
            Slice next = read.apply(rest);
            page = next.events().iterator();
            finished = next.last();
            if (!finished) {
                rest = beyond(rest, next);
                finished = isEmpty(rest);
            }
        }
        return page.hasNext();
    }

    @Override
    public StoredEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
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
