package io.sqleventstore.sql;

import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.sql.Ledger.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Delivers the contiguous prefix only: at a missing position it stops, has it settled after a while, and reads again. */
final class SqlTail implements Tail {
    private static final Pattern TOKEN =
            Pattern.compile("([1-9]\\d{0,17})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final int HOLES_AT_ONCE = 500;
    private static final long POSITIONS_TO_CHECK = 1_000;

    private final OwnAccess access;
    private final Ledger ledger;
    private final Settler settler;
    private final Selection selection;
    private final TailOptions options;

    private Place at;

    /** Missing positions, and the time by {@link System#nanoTime} when each was first seen to be. */
    private final TreeMap<Long, Long> missing = new TreeMap<>();

    /** When the positions above holes were first seen: of a run of thousands all are as old, also those that are listed later. */
    private final Map<Long, Long> revealed = new HashMap<>();

    private volatile @Nullable Waiting waiting;
    private boolean obstructed;

    /** Whether what lies below the cursor has to be looked at: at first, and after any failure. */
    private boolean resumed = true;

    /** Whether the scan that is going on may do without it. */
    private boolean knownWhole;

    SqlTail(OwnAccess access, Ledger ledger, Settler settler, Selection selection, Cursor from, TailOptions options) {
        this.access = access;
        this.ledger = ledger;
        this.settler = settler;
        this.selection = selection;
        this.options = options;
        this.at = place(from);
        Selection plain = Selection.all();
        boolean bounded = selection.fromPosition() != plain.fromPosition()
                || selection.toPosition() != plain.toPosition()
                || selection.backwards()
                || selection.limit() != plain.limit();
        if (bounded) {
            throw new IllegalArgumentException(
                    "A tail selects by entity and event name only; where it begins is the cursor's business.");
        }
    }

    @Override
    public Page next(Duration atMost) {
        long deadline = System.nanoTime() + Pauses.nanos(atMost);
        Duration pause = options.shortestPause();
        while (true) {
            Scan scan = look();
            Page page = new Page(scan.events(), cursor(scan.end()));
            at = scan.end();
            note(scan);
            if (!page.events().isEmpty()) {
                return page;
            }
            boolean goesOn = settleExpired() || scan.more();
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                return page;
            }
            if (goesOn) {
                Pauses.sleep(Duration.ZERO); // no pause, but can be interrupted
            } else {
                Pauses.sleep(Pauses.shorter(Pauses.shorter(pause, left), untilGraceIsOver()));
                pause = Pauses.twice(pause, options.longestPause());
            }
        }
    }

    private Scan look() {
        knownWhole = !resumed;
        resumed = true; // until this has succeeded: what failed is tried again, perhaps on another server
        Scan scan = access.read(this::scan);
        resumed = false;
        return scan;
    }

    @Override
    public Cursor cursor() {
        return cursor(at);
    }

    private static Cursor cursor(Place place) {
        return place.position() == 0 ? Cursor.START : new Cursor(place.position() + "-" + place.id());
    }

    @Override
    public Optional<Waiting> waiting() {
        return Optional.ofNullable(waiting);
    }

    /**
     * What one look at the ledger showed.
     *
     * @param events the selected ones of the contiguous positions after the cursor
     * @param end the last position that they decide
     * @param more whether positions after that may be decided as well; else a tail that selects nothing would look at each append of others
     * @param holes missing positions after that, ascending, each with the next position above it that is there; not all if there are many
     * @param obstacle why the first of them are not to be settled, or null
     */
    private record Scan(
            List<StoredEvent> events,
            Place end,
            boolean more,
            SortedMap<Long, Long> holes,
            @Nullable String obstacle) {}

    private Scan scan(Handle handle) {
        int most = options.pageSize() + (at.position() == 0 ? 0 : 1); // the cursor's own
        List<Place> places = ledger.places(handle, at.position(), most);
        checkCursor(handle, places);
        Place end = at;
        SortedMap<Long, Long> holes = new TreeMap<>();
        String obstacle = null;
        long due = at.position() + 1;
        for (Place place : places) {
            if (place.position() < due) {
                continue; // the cursor's own
            }
            if (place.position() > due) {
                String tooLong = Settler.tooLong(due, place.position() - 1);
                if (tooLong != null && !holes.isEmpty()) {
                    break; // what lies below is settled first
                }
                obstacle = tooLong;
                LongStream.range(due, place.position())
                        .limit(HOLES_AT_ONCE)
                        .forEach(hole -> holes.put(hole, place.position()));
            } else if (holes.isEmpty()) {
                end = place;
            }
            due = place.position() + 1;
            if (obstacle != null || holes.size() >= HOLES_AT_ONCE) {
                break;
            }
        }
        if (end.position() == at.position()) {
            return new Scan(List.of(), end, false, holes, obstacle);
        }
        Slice page = ledger.replay(handle, selection.from(at.position() + 1).to(end.position()));
        Place reached = page.last() ? end : lastOf(page.events());
        return new Scan(page.events(), reached, places.size() == most, holes, obstacle);
    }

    private static Place lastOf(List<StoredEvent> events) {
        StoredEvent last = events.get(events.size() - 1);
        return new Place(last.position(), last.id());
    }

    private void checkCursor(Handle handle, List<Place> places) {
        boolean there =
                at.position() == 0 || (!places.isEmpty() && places.get(0).equals(at));
        if (!there || !isWholeBelow(handle)) {
            throw new CursorRefused(
                    "The ledger has no event " + at.id() + " at position " + at.position()
                            + ", or lacks one shortly before: the cursor is of another ledger, or the database lost events. Rebuild the consumer from Cursor.START.");
        }
    }

    /** Whether the positions next below the cursor are decided, as they were when it was handed out; looked at first, and after any failure. */
    private boolean isWholeBelow(Handle handle) {
        long some = knownWhole ? 0 : Math.min(at.position(), POSITIONS_TO_CHECK);
        knownWhole = false; // if the scan fails later on and is tried again
        return some == 0 || ledger.count(handle, at.position() - some + 1, at.position()) == some;
    }

    private void note(Scan scan) {
        long now = System.nanoTime();
        missing.keySet().retainAll(scan.holes().keySet());
        revealed.keySet().retainAll(Set.copyOf(scan.holes().values()));
        scan.holes()
                .forEach((hole, above) -> missing.putIfAbsent(hole, revealed.computeIfAbsent(above, position -> now)));
        if (missing.isEmpty()) {
            waiting = null;
        } else {
            String reason = scan.obstacle() == null ? "it was drawn and is not committed yet" : scan.obstacle();
            waiting = waitingFor(reason);
        }
        obstructed = scan.obstacle() != null;
    }

    private Waiting waitingFor(String reason) {
        long position = missing.firstKey();
        Waiting before = waiting;
        Instant since = before != null && before.position() == position
                ? before.since()
                : Instant.now()
                        .minusNanos(System.nanoTime() - missing.firstEntry().getValue());
        return new Waiting(position, since, reason);
    }

    /** Whether something was settled, so that it is worth to look again at once. */
    private boolean settleExpired() {
        long now = System.nanoTime();
        List<Long> expired = missing.entrySet().stream()
                .filter(hole -> now - hole.getValue() >= Pauses.nanos(options.grace()))
                .map(Map.Entry::getKey)
                .toList();
        if (expired.isEmpty() || obstructed) {
            return false;
        }
        String reason = settler.settle(expired);
        if (reason != null) {
            waiting = waitingFor(reason);
        }
        return reason == null;
    }

    private Duration untilGraceIsOver() {
        if (missing.isEmpty()) {
            return options.longestPause();
        }
        long left = missing.firstEntry().getValue() - System.nanoTime() + Pauses.nanos(options.grace());
        return left > 0 ? Duration.ofNanos(left).plusMillis(1) : options.longestPause();
    }

    private static Place place(Cursor cursor) {
        if (cursor.equals(Cursor.START)) {
            return Place.BEFORE_FIRST;
        }
        Matcher token = TOKEN.matcher(cursor.token());
        if (!token.matches()) {
            throw new CursorRefused("No tail made this cursor; take it from Tail.cursor() or use Cursor.START.");
        }
        return new Place(Long.parseLong(token.group(1)), UUID.fromString(token.group(2)));
    }
}
