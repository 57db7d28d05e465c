package io.sqleventstore.sql;

import io.sqleventstore.LedgerDamaged;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;

/** The pages of what decided positions have; each is read when it is wanted. */
final class PagedEntries implements Iterator<List<LedgerEntry>> {
    private static final int REREADS = 10;

    private final BiFunction<Long, Long, List<LedgerEntry>> read;
    private final long last;
    private long next;

    /** With what reads the entries between two positions, or a beginning of them that is not empty. */
    PagedEntries(long first, long last, BiFunction<Long, Long, List<LedgerEntry>> read) {
        this.next = first;
        this.last = last;
        this.read = read;
    }

    @Override
    public boolean hasNext() {
        return next <= last;
    }

    @Override
    public List<LedgerEntry> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<LedgerEntry> entries = contiguous();
        next += entries.size();
        return entries;
    }

    /** A read view may have a hole where a transaction has just ended; then the page is read again. */
    private List<LedgerEntry> contiguous() {
        for (int attempt = 0; attempt <= REREADS; attempt++) {
            List<LedgerEntry> entries = read.apply(next, last);
            int size = entries.size();
            if (size > 0
                    && entries.get(0).position() == next
                    && entries.get(size - 1).position() == next + size - 1) {
                return entries;
            }
        }
        throw new LedgerDamaged("A position from " + next + " on is missing, or has what is no event and no void.");
    }
}
