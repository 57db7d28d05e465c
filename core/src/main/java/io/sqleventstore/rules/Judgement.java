package io.sqleventstore.rules;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.UnregisteredEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What a refusal by the database means. A constraint says only <em>that</em> an append can't be stored, and which one of
 * several speaks first is chance; so the ledger is read again, and this decides, once for all databases.
 */
public final class Judgement {
    /**
     * What the ledger held after the refusal.
     *
     * <p>The heads must have been read before the events stored under the key, or in one snapshot with them: else a copy of
     * the append that is stored between the two reads makes a harmless retry look stale (contract DUP-4).
     *
     * @param heads the head of each entity of the append that has events
     * @param registered the registered event names by entity name
     * @param takenIds those of the append's event ids that are stored
     * @param stored all events stored under the append's key, by append index
     */
    public record Evidence(
            Map<Entity, Head> heads,
            Map<String, ? extends Set<String>> registered,
            Set<UUID> takenIds,
            List<StoredEvent> stored) {}

    /** What it means. */
    public sealed interface Verdict {}

    /** The append had been stored before: this is its result. */
    public record Repeated(AppendResult original) implements Verdict {}

    /** The append is refused for good: throw this. */
    public record Refused(EventStoreException reason) implements Verdict {}

    /** Nothing that is stored forbids the append (any more): a position was taken, or a competitor rolled back. Try again. */
    public record Storable() implements Verdict {}

    private Judgement() {}

    /**
     * Decides; the append key comes first (DUP-4), then what no retry can change, then the order.
     *
     * @param append the append that was refused
     * @param evidence what the ledger held afterwards
     * @return what the refusal means
     */
    public static Verdict judge(Append append, Evidence evidence) {
        if (!evidence.stored().isEmpty()) {
            return Sameness.same(append, evidence.stored())
                    ? new Repeated(Sameness.original(evidence.stored()))
                    : new Refused(new AppendKeyReused(Sameness.original(evidence.stored())));
        }
        for (Append.Part part : append.parts()) {
            Set<String> registered = evidence.registered().get(part.entity().name());
            for (NewEvent event : part.events()) {
                if (registered == null || !registered.contains(event.name())) {
                    return new Refused(new UnregisteredEvent(part.entity().name(), event.name()));
                }
            }
        }
        for (Append.Part part : append.parts()) {
            Head current = evidence.heads().getOrDefault(part.entity(), Head.beforeFirst(part.entity()));
            if (!isSame(part.after(), current)) {
                return new Refused(new StaleAppend(part.after(), current));
            }
        }
        for (UUID taken : evidence.takenIds()) {
            return new Refused(new EventIdReused(taken));
        }
        return new Storable();
    }

    /** The position of a head only says where the event is. */
    private static boolean isSame(Head one, Head other) {
        return one.revision() == other.revision() && Objects.equals(one.eventId(), other.eventId());
    }
}
