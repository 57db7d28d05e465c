package io.sqleventstore.sql;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What pages hold, one after the other; a page is let go of before the next is read. Who meets an exception, its own or one of a page that can't be
 * read, may go on: with what comes after the last that was delivered.
 */
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
            if (!turn()) {
                return false;
            }
        }
        action.accept(page.next());
        return true;
    }

    /** One by one: forEachRemaining of a page would lose its place if the action throws. */
    @Override
    public void forEachRemaining(Consumer<? super T> action) {
        do {
            while (page.hasNext()) {
                action.accept(page.next());
            }
        } while (turn());
    }

    /** Whether there is a next page. */
    private boolean turn() {
        page = Collections.emptyIterator();
        if (!rest.hasNext()) {
            return false;
        }
        page = rest.next().iterator();
        return true;
    }
}
