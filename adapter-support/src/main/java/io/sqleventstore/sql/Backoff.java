package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.StoreUnavailable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps a store's appends to the same entity that were refused out of the way of the one that is stored next. Each looks why it was refused after a
 * random pause, the longer the more there are, and so goes on with a head that is young; if all looked at once, all would try again at once, and
 * be refused but one. As stations on an Ethernet do that have met a collision (R. Metcalfe and D. Boggs, <em>Ethernet: Distributed Packet
 * Switching for Local Computer Networks</em>, 1976), but those that are in each other's way know how many they are. Safe for use by many threads.
 */
final class Backoff {
    static final int LONGEST_MILLIS = 100;
    private static final int MILLIS = 3;

    private final Map<Entity, Integer> refused = new ConcurrentHashMap<>();

    /**
     * Looks why an append was refused: at once, if no other one to its entities is about to.
     *
     * @throws StoreUnavailable if the thread is interrupted in its pause; it keeps its flag
     */
    <T> T look(Append append, Deadline deadline, Supplier<T> look) {
        int others = enter(append);
        try {
            pause(Math.min(longestMillis(others), deadline.waitMillis()));
            return look.get();
        } finally {
            append.parts().forEach(part -> leave(part.entity()));
        }
    }

    /** The longest pause beside so many others. */
    static int longestMillis(int others) {
        return (int) Math.min(LONGEST_MILLIS, (long) MILLIS * others * others);
    }

    /** How many entities have appends that are looking. */
    int entities() {
        return refused.size();
    }

    /** Returns how many others there are. */
    private int enter(Append append) {
        int others = 0;
        for (Append.Part part : append.parts()) {
            others += refused.merge(part.entity(), 1, Integer::sum) - 1;
        }
        return others;
    }

    private void leave(Entity entity) {
        refused.computeIfPresent(entity, (its, number) -> number == 1 ? null : number - 1);
    }

    private static void pause(int longestMillis) {
        if (longestMillis > 0) {
            Pauses.sleepUpTo(
                    longestMillis, "Interrupted after the append was refused; repeat the call with its key.", true);
        }
    }
}
