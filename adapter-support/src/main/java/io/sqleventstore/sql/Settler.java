package io.sqleventstore.sql;

import io.sqleventstore.PositionUndecided;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.sql.Ledger.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Decides positions that were drawn and are missing: <em>gap fencing</em>.
 *
 * <p>A position is decided once a committed row has it: an event, or a void, which says that no event ever will. The primary key makes
 * the two exclude each other on every database. If the writer's row is there and not committed, the insert of the void waits for its
 * fate; if the writer never came, the position is void, and a writer that comes late meets a duplicate key and draws another one.
 * So no promise depends on how long anybody waits.
 *
 * <p>Voids are inserted together, ascending, in one short transaction whose lock waits are short, up to the first whose writer can be seen
 * to be open; when it meets one all the same, the first is tried alone, then twice as many each time, so that such a writer never keeps the
 * holes below it from being settled.
 */
final class Settler {
    /** How long the insert of voids waits for a writer; voids already inserted hold up late writers for that time. */
    static final int LOCK_MILLIS = 100;

    static final int VOIDS_PER_INSERT = 500;
    private static final String HELD = "a transaction that is still open holds it";
    private static final int POSITIONS_PER_CHECK = 50_000;
    private static final long LONGEST_RUN = 10_000_000;
    private static final Duration GRACE = Duration.ofMillis(20);

    /** How long it isn't tried again after the database refused it, as it does to a reader, in whose server's log each time is an error: first, and after many times. */
    private static final Duration FIRST_RESIGNATION = Duration.ofMillis(500);

    private static final Duration LONGEST_RESIGNATION = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final OwnAccess access;
    private final Ledger ledger;
    private final Duration patience;

    /** Another takes its place when the database has lost some of that, so that who is still adding to this one adds in vain. */
    private volatile Memory memory = new Memory();

    /** How many are tried together: one after an open writer was in the way, then twice as many each time. */
    private volatile int holesAtOnce = VOIDS_PER_INSERT;

    private volatile @Nullable Resigned resigned;

    /** Positions above one up to a place, which are decided and stay so unless the database loses them. */
    private record Decided(long below, Place to) {
        /** None yet, above that position. */
        static Decided after(long position) {
            return new Decided(position, new Place(position, Place.BEFORE_FIRST.id()));
        }

        long end() {
            return to.position();
        }

        long length() {
            return end() - below;
        }

        /** Both in one where there is nothing between them, else this. */
        Decided with(Decided other) {
            boolean apart = other.below > end() || below > other.end();
            return apart ? this : new Decided(Math.min(below, other.below), other.end() < end() ? to : other.to);
        }
    }

    /** The longest stretch that is known to be decided. */
    private static final class Memory {
        private Decided longest = Decided.after(0);

        synchronized Decided longest() {
            return longest;
        }

        /** What is known, then, of those and of what is next to them. */
        synchronized Decided add(Decided some) {
            Decided joined = some.with(longest);
            longest = joined.length() > longest.length() ? joined : longest;
            return joined;
        }
    }

    /**
     * What a settlement begins with.
     *
     * @param last the last position of the ledger, or 0
     * @param valid whether what was known to be decided still is
     */
    private record Outset(long last, boolean valid) {}

    /** Why, since when and for how long it isn't tried. */
    private record Resigned(String reason, long since, Duration length) {
        boolean lasts() {
            return System.nanoTime() - since < length.toNanos();
        }

        static Resigned after(@Nullable Resigned before, String reason) {
            Duration length = before == null
                    ? FIRST_RESIGNATION
                    : Pauses.shorter(before.length().multipliedBy(2), LONGEST_RESIGNATION);
            return new Resigned(reason, System.nanoTime(), length);
        }
    }

    Settler(OwnAccess access, Ledger ledger, Duration patience) {
        this.access = access;
        this.ledger = ledger;
        this.patience = patience;
    }

    /**
     * Makes the lowest of these positions void, or finds that they are not missing any more.
     *
     * @param holes ascending
     * @return null if at least one of them is decided now, else why not
     */
    @Nullable
    String settle(List<Long> holes) {
        Resigned before = resigned;
        if (before != null && before.lasts()) {
            return before.reason();
        }
        List<Long> some = holes.subList(0, Math.min(holes.size(), holesAtOnce));
        while (true) {
            try {
                List<Long> unclaimed = upToTheFirstOpen(some);
                if (unclaimed.isEmpty()) {
                    return isMissing(some.get(0)) ? HELD : null;
                }
                some = unclaimed;
                access.fence(some);
                resigned = null;
                holesAtOnce = Math.min(VOIDS_PER_INSERT, Math.max(holesAtOnce, 2 * some.size()));
                return null;
            } catch (ConnectionException e) {
                throw new StoreUnavailable("No connection to the database.", false, e.getCause());
            } catch (DatabaseFault fault) {
                List<Long> fewer = after(fault, some);
                if (fewer.isEmpty()) {
                    return null;
                }
                if (fewer.size() == some.size()) {
                    return giveUp(fault);
                }
                some = fewer;
            }
        }
    }

    private List<Long> upToTheFirstOpen(List<Long> holes) {
        List<Long> unclaimed = access.unclaimed(holes);
        return holes.stream().takeWhile(unclaimed::contains).toList();
    }

    private boolean isMissing(long position) {
        return access.read(handle -> ledger.count(handle, position, position)) == 0;
    }

    private List<Long> after(DatabaseFault fault, List<Long> holes) {
        if (fault.fault() == Fault.RETRYABLE) {
            holesAtOnce = 1; // each wait for a lock takes its time, so not many are tried in a call
            return holes.subList(0, 1);
        }
        if (fault.fault().isRefusal()) { // a late writer was faster
            return access.read(handle -> ledger.missingOf(handle, holes));
        }
        return holes;
    }

    /** Why nothing was settled; what the database refused for good is not tried again for a while. */
    private String giveUp(DatabaseFault fault) {
        return switch (fault.fault()) {
            case RETRYABLE -> HELD + ", or keeps others from settling it";
            case UNAVAILABLE -> "the database went away";
            default -> {
                String reason = "this user can't settle it (SQLState %s); a follower with the right to do so has to"
                        .formatted(fault.sql().getSQLState());
                resigned = Resigned.after(resigned, reason);
                yield reason;
            }
        };
    }

    /** The first run of these may be the end of one that is not to be filled, and the last the beginning; what is between is known whole. */
    private @Nullable String settleUnlessTooLong(List<Long> holes) {
        String obstacle = access.read(handle -> tooLong(handle, holes.get(0)));
        int lastRun = beginningOfLastRun(holes);
        if (obstacle != null || lastRun == 0) {
            return obstacle != null ? obstacle : settle(holes);
        }
        obstacle = access.read(handle -> tooLong(handle, holes.get(lastRun)));
        return settle(obstacle == null ? holes : holes.subList(0, lastRun));
    }

    private static int beginningOfLastRun(List<Long> holes) {
        int index = holes.size() - 1;
        while (index > 0 && holes.get(index - 1) == holes.get(index) - 1) {
            index--;
        }
        return index;
    }

    /** Why the run of a missing position is not filled, or null if it may be; a replay may begin and end within it. */
    private @Nullable String tooLong(Handle handle, long hole) {
        long to = ledger.firstFrom(handle, hole, Long.MAX_VALUE) - 1;
        long lowest = Math.max(1, to - LONGEST_RUN);
        boolean lower = lowest < hole && ledger.firstFrom(handle, lowest, hole) == hole;
        return tooLong(lower ? lowest : hole, to);
    }

    /** Why a run of missing positions is not filled, or null if it may be. */
    static @Nullable String tooLong(long from, long to) {
        return to - from < LONGEST_RUN
                ? null
                : "%d positions in a row are missing; was a position written by hand?".formatted(to - from + 1);
    }

    /**
     * Waits until every position from one to another, or to the last of the ledger if that is lower, is decided, and settles what is missing.
     *
     * @return the position that all is decided to
     * @throws PositionUndecided if one stays undecided for longer than the store's patience
     */
    long settleAll(long first, long wanted) {
        Memory before = memory;
        Decided known = before.longest();
        Outset outset = access.read(handle -> new Outset(ledger.lastPosition(handle), isThere(handle, known)));
        long last = Math.min(wanted, outset.last());
        Memory valid = outset.valid() ? before : forget(before);
        Decided decided = valid.add(Decided.after(first - 1));
        long stuckSince = System.nanoTime();
        Duration pause = GRACE;
        while (decided.end() < last) {
            long from = decided.end() + 1;
            long to = decided.end() + Math.min(last - decided.end(), POSITIONS_PER_CHECK);
            Optional<Place> end = access.read(handle -> endOfContiguous(handle, from, to));
            if (end.isPresent()) {
                decided = valid.add(new Decided(decided.below(), end.get()));
                stuckSince = System.nanoTime();
                continue;
            }
            Pauses.sleep(pause);
            List<Long> holes = access.read(handle -> ledger.missing(handle, from, to, VOIDS_PER_INSERT));
            String reason = holes.isEmpty() ? null : settleUnlessTooLong(holes);
            if (reason == null) {
                // up to the last one all were drawn before the first pause
                pause = holes.isEmpty() ? GRACE : Duration.ZERO;
                stuckSince = System.nanoTime();
                continue;
            }
            pause = pause.isZero() ? GRACE : Pauses.shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            if (System.nanoTime() - stuckSince > Pauses.nanos(patience)) {
                throw new PositionUndecided(holes.get(0), reason);
            }
        }
        return last;
    }

    /** The last of these positions, if all are decided. */
    private Optional<Place> endOfContiguous(Handle handle, long from, long to) {
        if (ledger.count(handle, from, to) < to - from + 1) {
            return Optional.empty();
        }
        return ledger.places(handle, to, 1).stream()
                .filter(last -> last.position() == to) // else passed over, because somebody has locked it
                .findFirst();
    }

    /** Whether what is known is still valid: a server that was restored to an earlier state decides positions anew. */
    private boolean isThere(Handle handle, Decided known) {
        return known.length() == 0 || ledger.places(handle, known.end(), 1).contains(known.to());
    }

    private synchronized Memory forget(Memory lost) {
        memory = memory == lost ? new Memory() : memory;
        return memory;
    }
}
