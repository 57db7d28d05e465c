package io.sqleventstore.sql;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets appends that threads make at the same time share a statement and a commit.
 *
 * <p>There are a few places. Who finds all of them free stores its append at once and alone, as if there were nobody else. The others wait in
 * a queue. Once at least as many wait as are being stored, and there is a place, whoever has waited longest takes it, becomes the
 * <em>leader</em> and stores what waits behind it together with its own. So groups grow with the number of threads, to half of it, and by no
 * clock: what Nagle's algorithm does with small packets (RFC 896). Nobody leads twice for one append, so nobody works for others for ever.
 *
 * <p>What waits or is stored together never has an entity or a key in common: an append to an entity, or under a key, that another append of
 * this store is just busy with is stored alone, at once and without a place, since one of the two will be refused or has to wait for the other;
 * and so is that other one, if it still waits. So one that waits for somebody's open transaction holds up one group at most, and those that
 * come after it none.
 *
 * <p>An append shares a success and nothing else. Where a constraint refuses a group, its quarters are stored, a transaction each, and so on with
 * the quarter that has what is refused; what is left, and everything that waits for a lock, loses its connection or fails in any other way, is
 * stored alone, each append by its own thread, with the retries and the judgement that it has there.
 *
 * <p>A place whose holder takes long (it waits for a lock, a connection or a network) counts as free, and a group has a part of its leader's time
 * only, so that nobody is without time for somebody else's trouble.
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

    /** The most time that a group has; at most half of what its leader has left. */
    private static final Duration LONGEST_GROUP = Duration.ofSeconds(5);

    private final int mostAppends;
    private final int mostRows;
    private final int places;
    private final long usualNanos;
    private final long longNanos;
    private final Storage storage;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Ticket> busy = new HashMap<>(); // by entity and by key
    private final Queue<Ticket> waiting = new ArrayDeque<>();
    private final List<Ticket> leaders = new ArrayList<>();

    /** Where appends are stored. */
    interface Storage {
        /** Stores them all in one transaction or none, and returns the result of each; throws what the transaction throws. */
        List<AppendResult> together(List<Draft> drafts, Deadline deadline);

        /**
         * Stores one, whatever that takes, or throws why not.
         *
         * @param unknown whether it may be stored already, with others
         * @param inTheWay whether it has a place that others wait for, so that it takes no longer than it must
         */
        AppendResult alone(Draft draft, Deadline deadline, boolean unknown, boolean inTheWay);
    }

    /**
     * For one store.
     *
     * @param mostAppends in a group, 1 for no groups
     * @param mostRows that one statement takes
     * @param places how many transactions there are at once before others wait for one
     * @param usualTime after which nobody waits any more to be stored with others
     * @param longTime after which a place counts as free, whoever has it
     * @param storage where appends are stored
     */
    GroupCommit(int mostAppends, int mostRows, int places, Duration usualTime, Duration longTime, Storage storage) {
        this.mostAppends = mostAppends;
        this.mostRows = mostRows;
        this.places = places;
        this.usualNanos = usualTime.toNanos();
        this.longNanos = longTime.toNanos();
        this.storage = storage;
    }

    /**
     * An append on its way. What changes is written under the lock; what has become of it is written by its leader before it is done. Its
     * thread needs no lock to see that: many that are woken together would stand in line for it.
     */
    private final class Ticket {
        private final Draft draft;
        private final Deadline deadline;
        private final List<Object> needed;
        private final int rows;
        private final long characters;
        private final Thread thread = Thread.currentThread();

        /** Those that it stores, itself the first, once it has a place. */
        private volatile List<Ticket> group = List.of();

        private volatile boolean taken;
        private volatile boolean done;
        private long leadsSince;
        private boolean claims;

        /** Whether nobody waited before it: it is the one that looks whether others have taken longer than usual. */
        private boolean first;

        private @Nullable AppendResult result;
        private @Nullable DatabaseFault lost;

        Ticket(Draft draft, Deadline deadline) {
            this.draft = draft;
            this.deadline = deadline;
            this.needed = needed(draft.append());
            this.rows = draft.rows().size();
            this.characters = draft.characters();
        }

        boolean leads() {
            return !group.isEmpty();
        }

        boolean isLarge() {
            return rows > mostRows || characters > MOST_CHARACTERS;
        }

        /** How long it waits before it looks whether its time is up, or a place is held for too long. */
        long moment() {
            return taken ? longNanos : Math.min(first ? usualNanos : longNanos, Math.max(1, deadline.leftNanos()));
        }

        /** Notes what its group has met, if that may have stored it. */
        void met(DatabaseFault fault) {
            if (fault.leavesOutcomeUnknown()) {
                lost = fault;
            }
        }
    }

    /** Stores an append, with others or alone. */
    AppendResult append(Draft draft, Deadline deadline) {
        if (mostAppends == 1) {
            return storage.alone(draft, deadline, false, false);
        }
        Ticket ticket = new Ticket(draft, deadline);
        try {
            return queue(ticket) ? inTurn(ticket) : storage.alone(draft, deadline, false, false);
        } finally {
            release(ticket);
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

    /** Whether it waits for its turn now, or has it: not if it is large, or somebody else is busy with what it needs. */
    private boolean queue(Ticket ticket) {
        lock.lock();
        try {
            boolean queues = claim(ticket) && !ticket.isLarge();
            if (queues) {
                ticket.first = waiting.isEmpty();
                waiting.add(ticket);
                givePlaces();
            }
            return queues;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody else is busy with the same key or one of the entities; who only waits with one is not kept waiting behind this one. */
    private boolean claim(Ticket ticket) {
        boolean free = true;
        for (Object each : ticket.needed) {
            Ticket other = busy.get(each);
            if (other != null) {
                free = false;
                if (waiting.remove(other)) {
                    end(other);
                    LockSupport.unpark(other.thread);
                }
            }
        }
        if (free) {
            ticket.needed.forEach(each -> busy.put(each, ticket));
            ticket.claims = true;
        }
        return free;
    }

    /** Lets others be busy with what it needs, unless its leader has done so. */
    private void release(Ticket ticket) {
        if (ticket.done && ticket.result != null) {
            return;
        }
        lock.lock();
        try {
            waiting.remove(ticket); // it is not there, unless something unforeseen has ended its thread's part
            disclaim(ticket);
        } finally {
            lock.unlock();
        }
    }

    private void disclaim(Ticket ticket) {
        if (ticket.claims) {
            ticket.needed.forEach(busy::remove);
            ticket.claims = false;
        }
    }

    private static List<Object> needed(Append append) {
        List<Object> needed = new ArrayList<>();
        needed.add(append.key());
        append.parts().forEach(part -> needed.add(part.entity()));
        return needed;
    }

    private AppendResult inTurn(Ticket ticket) {
        try {
            awaitTurn(ticket);
            if (ticket.group.size() > 1) {
                storeGroup(ticket.group, ticket.deadline.share(LONGEST_GROUP));
            } else if (ticket.leads()) {
                ticket.result = alone(ticket, true);
            }
        } finally {
            if (ticket.leads() || !ticket.done) {
                leave(ticket);
            }
        }
        return ticket.result == null ? alone(ticket, false) : ticket.result;
    }

    private AppendResult alone(Ticket ticket, boolean inTheWay) {
        DatabaseFault lost = ticket.lost;
        if (ticket.deadline.leaves(0)) {
            return storage.alone(ticket.draft, ticket.deadline, lost != null, inTheWay);
        } else if (lost == null) {
            throw tooLate();
        }
        OwnAccess.tell(lost, true, 1);
        throw lost.toException(true, 1);
    }

    // ---- the queue ----

    /** Waits until it leads, or until its leader is done with it. An interruption ends the wait as long as nobody has taken the append, else it is kept. */
    private void awaitTurn(Ticket ticket) {
        boolean interrupted = false;
        try {
            while (!ticket.leads() && !ticket.done) {
                LockSupport.parkNanos(this, ticket.moment());
                if (Thread.interrupted()) {
                    interrupted = true;
                    if (withdraw(ticket)) {
                        throw new StoreUnavailable("Interrupted while waiting; nothing was stored.", false, null);
                    }
                } else if (!ticket.taken) {
                    lookAround(ticket);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether nobody has taken it, nor will. */
    private boolean withdraw(Ticket ticket) {
        lock.lock();
        try {
            return waiting.remove(ticket);
        } finally {
            lock.unlock();
        }
    }

    /** After a while in which nothing has happened to it. */
    private void lookAround(Ticket ticket) {
        lock.lock();
        try {
            if (ticket.deadline.leftNanos() <= 0 && waiting.remove(ticket)) {
                throw tooLate();
            }
            givePlaces();
        } finally {
            lock.unlock();
        }
    }

    /** What is told whose time was over before it was sent at all, or after it was refused for others. */
    private static StoreUnavailable tooLate() {
        return new StoreUnavailable(
                "The store's timeout was over before the append could be tried by itself; nothing was stored. Repeat it later.",
                false,
                null);
    }

    /** Makes leaders of those who have waited longest, as long as there are places. */
    private void givePlaces() {
        long now = System.nanoTime();
        leaders.removeIf(leader -> now - leader.leadsSince > longNanos);
        while (leaders.size() < places && !waiting.isEmpty() && waiting.size() >= underWay(now)) {
            List<Ticket> group = nextGroup();
            Ticket leader = group.get(0);
            leader.group = group;
            leader.leadsSince = now;
            leaders.add(leader);
            LockSupport.unpark(leader.thread);
        }
    }

    /** How many appends are being stored, together or alone, without those that take longer than usual. */
    private int underWay(long now) {
        int appends = 0;
        for (Ticket leader : leaders) {
            appends += now - leader.leadsSince > usualNanos ? 0 : leader.group.size();
        }
        return appends;
    }

    private List<Ticket> nextGroup() {
        List<Ticket> group = new ArrayList<>(mostAppends); // once they are taken, nothing may fail
        int rows = 0;
        long characters = 0;
        for (Ticket next = waiting.peek(); next != null && group.size() < mostAppends; next = waiting.peek()) {
            rows += next.rows;
            characters += next.characters;
            if (!group.isEmpty() && (rows > mostRows || characters > MOST_CHARACTERS)) {
                break;
            }
            next.taken = true;
            group.add(waiting.remove());
        }
        return group;
    }

    /** Whatever has happened: it waits no more and holds no place, those of its group that wait for it go on, and so do those behind. */
    private void leave(Ticket ticket) {
        List<Ticket> ended;
        lock.lock();
        try {
            ended = ticket.group;
            waiting.remove(ticket);
            ended.forEach(this::end);
            leaders.remove(ticket);
            givePlaces();
        } finally {
            lock.unlock();
        }
        wake(ended);
    }

    private void end(Ticket ticket) {
        if (ticket.result != null) {
            disclaim(ticket);
        }
        ticket.done = true;
    }

    /** Not under the lock, which they will need for what they do next. */
    private static void wake(List<Ticket> tickets) {
        for (Ticket each : tickets) {
            if (each.thread != Thread.currentThread()) {
                LockSupport.unpark(each.thread);
            }
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

    private void storeGroup(List<Ticket> group, Deadline deadline) {
        Fate fate = store(group, deadline);
        for (List<Ticket> left = group; fate == Fate.REFUSED; ) {
            List<List<Ticket>> refused = new ArrayList<>();
            fate = storeParts(left, deadline, refused);
            if (refused.size() != 1) {
                return; // not one that is in the way of the others, but many: each finds out for itself
            }
            left = refused.get(0);
        }
    }

    /** Stores the quarters of a refused group, and adds those that are refused as well. */
    private Fate storeParts(List<Ticket> group, Deadline deadline, List<List<Ticket>> refused) {
        int size = (group.size() + PARTS - 1) / PARTS;
        for (int from = 0; from < group.size() && size > 1; from += size) {
            List<Ticket> part = group.subList(from, Math.min(group.size(), from + size));
            Fate fate = part.size() == 1 ? Fate.STORED : store(part, deadline);
            if (fate == Fate.HINDERED) {
                return fate;
            } else if (fate == Fate.REFUSED) {
                refused.add(part);
            } else {
                letGo(part);
            }
        }
        return Fate.REFUSED;
    }

    private void letGo(List<Ticket> tickets) {
        lock.lock();
        try {
            tickets.forEach(this::end);
        } finally {
            lock.unlock();
        }
        wake(tickets);
    }

    /** Stores these together and notes the result with each, or what they have met. */
    private Fate store(List<Ticket> tickets, Deadline deadline) {
        try {
            List<AppendResult> results = storage.together(
                    tickets.stream().map(ticket -> ticket.draft).toList(), deadline);
            for (int i = 0; i < tickets.size(); i++) {
                tickets.get(i).result = results.get(i);
            }
            return Fate.STORED;
        } catch (EventStoreException | ConnectionException e) {
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
