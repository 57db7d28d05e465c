package io.sqleventstore.sql;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What pages hold, one after the other; a page is let go of before the next is read. */
final class Pages<T> extends Spliterators.AbstractSpliterator<T> {
    private final Iterator<List<T>> rest;
    private Iterator<T> page = Collections.emptyIterator();

    private Pages(Iterator<List<T>> pages) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL | Spliterator.IMMUTABLE);
        this.rest = pages;
    }

    /** A stream of what they hold; pages may be empty. */
    static <T> Stream<T> stream(Iterator<List<T>> pages) {
        return StreamSupport.stream(new Pages<>(pages), false);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        while (!page.hasNext()) {
            page = Collections.emptyIterator();
            if (!rest.hasNext()) {
                return false;
            }
            page = rest.next().iterator();
        }
        action.accept(page.next());
        return true;
    }

    @Override
    public void forEachRemaining(Consumer<? super T> action) {
        page.forEachRemaining(action);
        page = Collections.emptyIterator();
        while (rest.hasNext()) {
            rest.next().forEach(action);
        }
    }
}
