package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets appends that threads make at the same time share a statement and a commit.
 *
 * <p>There are a few places. Who finds one free stores its append at once and alone, as if there were nobody else. The others wait in a queue;
 * when a place gets free, whoever has waited longest takes it, becomes the <em>leader</em> and stores what waits behind it together with its
 * own. Nobody leads twice for one append, so nobody works for others for ever.
 *
 * <p>What waits or is stored together never has an entity or a key in common: an append to an entity, or under a key, that another append of
 * this store is just busy with is stored alone, at once and without a place, since one of the two will be refused or has to wait for the other.
 * So one that waits for somebody's open transaction holds up one group at most, and those that come after it none.
 *
 * <p>An append shares a success and nothing else. Where a constraint refuses a group, its quarters are stored, a transaction each; what is in a
 * quarter that is refused too, and everything that waits for a lock, loses its connection or fails in any other way, is stored alone, each
 * append by its own thread, with the retries and the judgement that it has there.
 *
 * <p>A place whose holder takes long (it waits for a lock, a connection or a network) counts as free, so nobody waits for somebody else's
 * trouble for long.
 */
final class GroupCommit {
    /** No group has more appends; what an option can ask for. */
    static final int MOST_APPENDS = 64;

    /** No group has more characters of documents; an append that has more never is in one. */
    static final long MOST_CHARACTERS = 1024 * 1024;

    /** How long the insert of a group waits for locks. */
    static final int LOCK_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int PARTS = 4;

    private final int mostAppends;
    private final int mostRows;
    private final int places;
    private final long longNanos;
    private final Storage storage;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Object> busy = new HashSet<>(); // entities and keys
    private final Queue<Ticket> waiting = new ArrayDeque<>();
    private final List<Ticket> leaders = new ArrayList<>();

    /** Where appends are stored. */
    interface Storage {
        /** Stores them all in one transaction or none, and returns the result of each; throws what the transaction throws. */
        List<AppendResult> together(List<Draft> drafts, Deadline deadline);

        /**
         * Stores one, whatever that takes, or throws why not.
         *
         * @param before what it has met before, when it was stored with others
         */
        AppendResult alone(Draft draft, Deadline deadline, @Nullable DatabaseFault before);
    }

    /**
     * For one store.
     *
     * @param mostAppends in a group, 1 for no groups
     * @param mostRows that one statement takes
     * @param places how many transactions there are at once before others wait for one
     * @param longTime after which a place counts as free, whoever has it
     * @param storage where appends are stored
     */
    GroupCommit(int mostAppends, int mostRows, int places, Duration longTime, Storage storage) {
        this.mostAppends = mostAppends;
        this.mostRows = mostRows;
        this.places = places;
        this.longNanos = longTime.toNanos();
        this.storage = storage;
    }

    /** An append on its way. What changes is guarded by the lock; what has become of it is written by its leader before it is done. */
    private final class Ticket {
        private final Draft draft;
        private final Deadline deadline;
        private final Condition changed = lock.newCondition();

        /** Those that it stores, itself the first, once it has a place. */
        private List<Ticket> group = List.of();

        private long leadsSince;
        private boolean taken;
        private boolean done;
        private @Nullable AppendResult result;
        private @Nullable DatabaseFault before;
        private @Nullable ConnectionException unreachable;

        Ticket(Draft draft, Deadline deadline) {
            this.draft = draft;
            this.deadline = deadline;
        }

        boolean leads() {
            return !group.isEmpty();
        }

        /** How long it waits before it looks whether its time is up, or a place is held for too long. */
        long moment() {
            return taken ? longNanos : Math.min(longNanos, Math.max(1, deadline.leftNanos()));
        }

        /** Notes what its group has met: a refusal is not its own, so it may succeed now. */
        void met(DatabaseFault fault) {
            before = fault.fault().isRefusal() ? fault.retryable() : fault;
        }
    }

    /** Stores an append, with others or alone. */
    AppendResult append(Draft draft, Deadline deadline) {
        if (mostAppends == 1 || !claim(draft.append())) {
            return storage.alone(draft, deadline, null);
        }
        try {
            return isLarge(draft) ? storage.alone(draft, deadline, null) : inTurn(new Ticket(draft, deadline));
        } finally {
            release(draft.append());
        }
    }

    /** How many wait for a place. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isLarge(Draft draft) {
        return draft.rows().size() > mostRows || draft.characters() > MOST_CHARACTERS;
    }

    /** Whether nobody else is busy with the same key or one of the entities. */
    private boolean claim(Append append) {
        List<Object> needed = needed(append);
        lock.lock();
        try {
            return Collections.disjoint(busy, needed) && busy.addAll(needed);
        } finally {
            lock.unlock();
        }
    }

    private void release(Append append) {
        List<Object> needed = needed(append);
        lock.lock();
        try {
            needed.forEach(busy::remove);
        } finally {
            lock.unlock();
        }
    }

    private static List<Object> needed(Append append) {
        List<Object> needed = new ArrayList<>();
        needed.add(append.key());
        append.parts().forEach(part -> needed.add(part.entity()));
        return needed;
    }

    private AppendResult inTurn(Ticket ticket) {
        awaitTurn(ticket);
        if (ticket.leads()) {
            try {
                if (ticket.group.size() == 1) {
                    return storage.alone(ticket.draft, ticket.deadline, null);
                }
                storeGroup(ticket.group);
            } finally {
                giveUpPlace(ticket);
            }
        }
        return ofItsOwn(ticket);
    }

    /** What became of it in a group, or else what becomes of it alone. */
    private AppendResult ofItsOwn(Ticket ticket) {
        if (ticket.result != null) {
            return ticket.result;
        }
        if (ticket.unreachable != null) {
            throw OwnAccess.unavailable(ticket.unreachable, false);
        }
        if (ticket.before == null && ticket.deadline.leftNanos() <= 0) {
            throw tooLate();
        }
        return storage.alone(ticket.draft, ticket.deadline, ticket.before);
    }

    // ---- the queue ----

    /** Waits until it leads, or until its leader is done with it. An interruption ends the wait as long as nobody has taken the append, else it is kept. */
    private void awaitTurn(Ticket ticket) {
        boolean interrupted = false;
        lock.lock();
        try {
            waiting.add(ticket);
            givePlaces();
            while (!ticket.leads() && !ticket.done) {
                try {
                    if (ticket.changed.awaitNanos(ticket.moment()) <= 0 && !ticket.taken) {
                        checkTime(ticket);
                        givePlaces();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (waiting.remove(ticket)) {
                        throw new StoreUnavailable("Interrupted while waiting; nothing was stored.", false, e);
                    }
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void checkTime(Ticket ticket) {
        if (ticket.deadline.leftNanos() <= 0 && waiting.remove(ticket)) {
            throw tooLate();
        }
    }

    private static StoreUnavailable tooLate() {
        return new StoreUnavailable(
                "Other appends of this store took all of its timeout; nothing was stored. Repeat it later.",
                false,
                null);
    }

    /** Makes leaders of those who have waited longest, as long as there are places. */
    private void givePlaces() {
        long now = System.nanoTime();
        leaders.removeIf(leader -> now - leader.leadsSince > longNanos);
        while (leaders.size() < places && !waiting.isEmpty()) {
            List<Ticket> group = nextGroup();
            Ticket leader = group.get(0);
            leader.group = group;
            leader.leadsSince = now;
            leaders.add(leader);
            leader.changed.signal();
        }
    }

    private List<Ticket> nextGroup() {
        List<Ticket> group = new ArrayList<>();
        int rows = 0;
        long characters = 0;
        for (Ticket next = waiting.peek(); next != null && group.size() < mostAppends; next = waiting.peek()) {
            rows += next.draft.rows().size();
            characters += next.draft.characters();
            if (!group.isEmpty() && (rows > mostRows || characters > MOST_CHARACTERS)) {
                break;
            }
            next.taken = true;
            group.add(waiting.remove());
        }
        return group;
    }

    /** Whatever has happened: those of its group that wait for it go on, and so do those behind. */
    private void giveUpPlace(Ticket leader) {
        lock.lock();
        try {
            endWaiting(leader.group);
            leaders.remove(leader);
            givePlaces();
        } finally {
            lock.unlock();
        }
    }

    private void endWaiting(List<Ticket> tickets) {
        for (Ticket each : tickets) {
            each.done = true;
            each.changed.signal();
        }
    }

    // ---- a group ----

    /** How storing appends together ended. */
    private enum Fate {
        STORED,
        /** By a constraint; without the append that it is for, the others can be stored. */
        REFUSED,
        /** Something else that may last, so that nobody waits for it together with others. */
        HINDERED
    }

    private void storeGroup(List<Ticket> group) {
        Fate fate = store(group);
        int size = (group.size() + PARTS - 1) / PARTS;
        for (int from = 0; from < group.size() && fate == Fate.REFUSED && size > 1; from += size) {
            List<Ticket> part = group.subList(from, Math.min(group.size(), from + size));
            if (part.size() > 1 && store(part) == Fate.HINDERED) {
                fate = Fate.HINDERED;
            }
            letGo(part);
        }
    }

    private void letGo(List<Ticket> tickets) {
        lock.lock();
        try {
            endWaiting(tickets);
        } finally {
            lock.unlock();
        }
    }

    /** Stores these together and notes the result with each, or what they have met. */
    private Fate store(List<Ticket> tickets) {
        Deadline deadline = tickets.stream()
                .map(ticket -> ticket.deadline)
                .reduce(Deadline::sooner)
                .orElseThrow();
        if (deadline.leftNanos() <= 0) {
            return Fate.HINDERED;
        }
        try {
            List<AppendResult> results = storage.together(
                    tickets.stream().map(ticket -> ticket.draft).toList(), deadline);
            for (int i = 0; i < tickets.size(); i++) {
                tickets.get(i).result = results.get(i);
            }
            return Fate.STORED;
        } catch (ConnectionException e) {
            if (!Thread.currentThread()
                    .isInterrupted()) { // which may be why a pool gave none, and is this thread's affair only
                tickets.forEach(ticket -> ticket.unreachable = e);
            }
            return Fate.HINDERED;
        } catch (EventStoreException e) {
            LOG.debug("{} appends can't be stored together", tickets.size(), e); // each finds out for itself
            return Fate.HINDERED;
        } catch (DatabaseFault fault) {
            LOG.debug("{} appends together met {}", tickets.size(), fault.fault());
            tickets.forEach(ticket -> ticket.met(fault));
            return fault.fault().isRefusal() ? Fate.REFUSED : Fate.HINDERED;
        } catch (RuntimeException e) {
            tickets.forEach(ticket -> ticket.met(DatabaseFault.lost(e)));
            return Fate.HINDERED;
        } catch (Error e) {
            tickets.forEach(ticket -> ticket.met(DatabaseFault.lost(e)));
            throw e;
        }
    }
}
