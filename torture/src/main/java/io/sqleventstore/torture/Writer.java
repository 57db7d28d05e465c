package io.sqleventstore.torture;

import com.github.f4b6a3.uuid.UuidCreator;
import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.NewEvent;
import io.sqleventstore.PositionUndecided;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.sql.SqlEventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/**
 * A thread that appends: one event or several, for one entity or two, in the store's transactions and in its own; to entities that only it writes
 * to, and to some that everybody does. What has no clear end it repeats with its key until it has, mostly; what has ended it repeats now and then.
 */
final class Writer {
    static final String ENTITY = "tortured";
    static final String EVENT = "suffered";
    private static final String UNHEARD_OF = "unheard-of";

    private static final int HOT = 4;
    private static final int REMEMBERED = 50;
    private static final int SELDOM = 10;
    private static final int SOON_MILLIS = 30;
    private static final int LARGE = 200_000;
    private static final int VERY_LARGE = 3_000_000;
    private static final int TOO_LARGE = 16 * 1024 * 1024;
    private static final int LONGEST_HOLD_MILLIS = 10_000;
    private static final Duration TO_THE_END = Duration.ofSeconds(90);

    private final Clerk clerk;
    private final SqlEventStore store;
    private final DataSource connections;
    private final Random random;
    private final Calm calm;
    private final Entity own;
    private final Duration skew;
    private final int longestOpenMillis;
    private final Map<Entity, Head> heads = new HashMap<>();
    private final List<Append> remembered = new ArrayList<>();
    private final List<Append> inDoubt = new ArrayList<>(); // given up since its own entity's head was known last

    /** One that leaves its own transactions open for so long at most. */
    Writer(
            Clerk clerk,
            SqlEventStore store,
            DataSource connections,
            Calm calm,
            Orders orders,
            long seed,
            int longestOpenMillis) {
        this.clerk = clerk;
        this.store = store;
        this.connections = connections;
        this.calm = calm;
        this.random = new Random(new SplittableRandom(seed).nextLong()); // seeds that are neighbours would begin alike
        this.own = Entity.of(ENTITY, orders.name() + " " + seed);
        this.skew = Duration.ofHours(orders.skewHours());
        this.longestOpenMillis = longestOpenMillis;
    }

    /** Until all is calm, and what was begun is ended; then one more, which nothing hinders. */
    void work() {
        while (!calm.isThere()) {
            Append append = next();
            pursue(append, random.nextInt(6) == 0);
            if (random.nextInt(5_000) == 0) {
                assertRefused(document(TOO_LARGE));
            }
            if (!remembered.isEmpty() && random.nextInt(20) == 0) {
                pursue(remembered.get(random.nextInt(remembered.size())), false);
            }
        }
        List.copyOf(inDoubt).forEach(append -> pursue(append, false));
        Append fresh = head(own).append(event(EVENT)).withKey("a " + newId());
        clerk.fresh(fresh);
        pursue(fresh, false);
    }

    /** Before it takes the memory of a statement, a driver and a server. */
    private static void assertRefused(String tooLarge) {
        try {
            NewEvent.of(EVENT, tooLarge);
        } catch (InvalidEvent expected) {
            return;
        }
        throw new IllegalStateException("an event of more than 16 MiB was not refused");
    }

    // ---- what it appends ----

    private Append next() {
        Append append = head(own).append(events());
        if (random.nextInt(3) == 0) {
            Entity hot = Entity.of(ENTITY, "hot " + random.nextInt(HOT));
            Append shared = head(hot).append(events());
            append = random.nextBoolean() ? shared : append.and(shared);
        }
        return append.withKey("a " + newId());
    }

    private Head head(Entity entity) {
        return heads.getOrDefault(entity, Head.beforeFirst(entity));
    }

    private List<NewEvent> events() {
        int count = random.nextInt(10) == 0 ? 1 + random.nextInt(60) : 1;
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = random.nextInt(500) == 0 ? UNHEARD_OF : EVENT;
            events.add(event(name));
        }
        return events;
    }

    private NewEvent event(String name) {
        return NewEvent.of(name, data()).withId(newId());
    }

    private String data() {
        int size = random.nextInt(300) == 0 ? random.nextInt(LARGE) : random.nextInt(500);
        return document(random.nextInt(20_000) == 0 ? random.nextInt(VERY_LARGE) : size);
    }

    private String document(int size) {
        return "{\"n\":" + random.nextLong() + ",\"filling\":\"" + "x".repeat(size) + "\"}";
    }

    /** By a clock that may be wrong. */
    private java.util.UUID newId() {
        return UuidCreator.getTimeOrderedEpoch(Instant.now().plus(skew));
    }

    // ---- how ----

    /** Attempts it until it is stored or refused, or sometimes no more. */
    private void pursue(Append append, boolean inOwnTransaction) {
        long calmSince = Long.MAX_VALUE;
        boolean unknown = false;
        for (boolean joins = inOwnTransaction; ; joins = false) {
            Outcome outcome = joins ? joined(append) : alone(append);
            unknown |= outcome == Outcome.UNKNOWN;
            if (outcome == Outcome.STORED || outcome == Outcome.REFUSED || outcome == Outcome.BROKEN) {
                return;
            }
            if (!calm.isThere() && random.nextInt(outcome == Outcome.NOTHING ? 3 : SELDOM) == 0) {
                if (unknown) {
                    inDoubt.add(append);
                }
                return; // whoever gives up: what stored nothing must not be there
            }
            if (calm.isThere()) {
                calmSince = Math.min(calmSince, System.nanoTime());
                if (System.nanoTime() - calmSince > TO_THE_END.toNanos()) {
                    clerk.gaveUp(append, "still " + outcome + " " + TO_THE_END.toSeconds() + " s after the last fault");
                    return;
                }
            }
            Calm.pause(5 + random.nextInt(100));
        }
    }

    private Outcome alone(Append append) {
        long attempt = clerk.began(append);
        try {
            return stored(attempt, append, store.append(append));
        } catch (RuntimeException e) {
            return ended(attempt, append, e);
        }
    }

    private Outcome stored(long attempt, Append append, AppendResult result) {
        clerk.stored(attempt, result);
        long before = head(own).revision();
        result.heads().forEach(head -> heads.merge(head.entity(), head, Writer::later));
        if (head(own).revision() > before) {
            inDoubt.clear(); // all of them are below it, or never will be there
        }
        if (!result.repeated()) {
            remembered.add(append);
            if (remembered.size() > REMEMBERED) {
                remembered.remove(0);
            }
        }
        return Outcome.STORED;
    }

    private static Head later(Head one, Head other) {
        return one.revision() > other.revision() ? one : other;
    }

    private Outcome ended(long attempt, Append append, RuntimeException e) {
        if (e instanceof StaleAppend stale) {
            clerk.stale(attempt, stale.current());
            heads.put(stale.current().entity(), stale.current());
            return Outcome.REFUSED;
        }
        Outcome outcome = outcome(append, e);
        clerk.ended(attempt, outcome, Clerk.why(e));
        return outcome;
    }

    private static Outcome outcome(Append append, RuntimeException e) {
        if (e instanceof StoreUnavailable away) {
            return away.outcomeUnknown() ? Outcome.UNKNOWN : Outcome.NOTHING;
        }
        if (e instanceof TransactionMustRestart || e instanceof PositionUndecided || e instanceof StoreFailure) {
            return Outcome.NOTHING;
        }
        boolean meant = e instanceof UnregisteredEvent
                && append.parts().stream()
                        .flatMap(part -> part.events().stream())
                        .anyMatch(event -> event.name().equals(UNHEARD_OF));
        return meant ? Outcome.REFUSED : Outcome.BROKEN;
    }

    /** In a transaction of its own, which it commits or rolls back after a while. */
    private Outcome joined(Append append) {
        long attempt = clerk.began(append);
        boolean committing = false;
        AppendResult result;
        Connection connection;
        try {
            connection = connections.getConnection();
        } catch (SQLException e) {
            clerk.ended(attempt, Outcome.NOTHING, Clerk.why(e));
            return Outcome.NOTHING;
        }
        try {
            try {
                connection.setAutoCommit(false);
                result = store.join(connection).append(append);
                calm.await(random.nextInt(random.nextInt(SELDOM) == 0 ? longestOpen(append) : SOON_MILLIS));
                if (random.nextInt(4) == 0) {
                    rollBack(connection);
                    clerk.ended(attempt, Outcome.REFUSED, "rolled back");
                    return Outcome.REFUSED;
                }
                committing = true;
                connection.commit();
            } catch (RuntimeException e) {
                rollBack(connection);
                return ended(attempt, append, e);
            }
        } catch (SQLException e) {
            clerk.ended(attempt, committing ? Outcome.UNKNOWN : Outcome.NOTHING, Clerk.why(e));
            return committing ? Outcome.UNKNOWN : Outcome.NOTHING;
        } finally {
            putBack(connection);
        }
        return stored(attempt, append, result);
    }

    /** Mostly seconds; now and then minutes, if nobody else writes to its entities. */
    private int longestOpen(Append append) {
        boolean forMinutes = random.nextInt(SELDOM) == 0
                && append.parts().stream().allMatch(part -> part.entity().equals(own));
        return forMinutes ? longestOpenMillis : Math.min(longestOpenMillis, LONGEST_HOLD_MILLIS);
    }

    /** Or else ends the connection: what is not to be stored must not be committed by whoever has it next. */
    private static void rollBack(Connection connection) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) {
            connection.abort(Runnable::run);
        }
    }

    /** What was committed stands, whatever becomes of the connection. */
    private static void putBack(Connection connection) {
        try (connection) {
            connection.setAutoCommit(true);
        } catch (SQLException gone) {
            return;
        }
    }
}
