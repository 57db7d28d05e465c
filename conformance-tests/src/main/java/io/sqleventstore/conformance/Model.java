package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.UnregisteredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contract as one writer sees it, on lists in memory: every question is answered by looking through everything. Ids and
 * positions it learns from what the store acknowledges.
 */
final class Model {
    private final List<StoredEvent> ledger = new ArrayList<>();
    private final TreeMap<String, SortedSet<String>> registry = new TreeMap<>();

    int size() {
        return ledger.size();
    }

    void register(EntityType type) {
        registry.computeIfAbsent(type.name(), name -> new TreeSet<>()).addAll(type.events());
    }

    EntityType registered(String name) {
        return EntityType.of(name, registry.getOrDefault(name, new TreeSet<>()));
    }

    /** What may come of an append; where several things are wrong with it, each may be what is said. */
    Set<String> outcomes(Append append) {
        List<StoredEvent> original = storedUnder(append.key());
        if (!original.isEmpty()) {
            AppendResult result = resultOf(original);
            return Set.of(
                    contents(append).equals(contents(original))
                            ? outcome(result)
                            : outcome(new AppendKeyReused(result)));
        }
        Set<String> wrong = new HashSet<>();
        for (Append.Part part : append.parts()) {
            if (!part.after().equals(head(part.entity()))) {
                wrong.add(outcome(new StaleAppend(part.after(), head(part.entity()))));
            }
            for (NewEvent event : part.events()) {
                String name = part.entity().name();
                if (!registry.getOrDefault(name, new TreeSet<>()).contains(event.name())) {
                    wrong.add(outcome(new UnregisteredEvent(name, event.name())));
                }
                if (event.id() != null
                        && ledger.stream().anyMatch(each -> each.id().equals(event.id()))) {
                    wrong.add(outcome(new EventIdReused(event.id())));
                }
            }
        }
        return wrong.isEmpty() ? Set.of("stored under " + append.key()) : wrong;
    }

    /** What came of an append, in words that can be compared. */
    static String outcome(AppendResult result) {
        return result.repeated() ? "repeated " + result : "stored under " + result.key();
    }

    /** What came of an append, in words that can be compared. */
    static String outcome(EventStoreException refusal) {
        if (refusal instanceof StaleAppend stale) {
            return "stale: " + stale.expected() + " is not " + stale.current();
        } else if (refusal instanceof AppendKeyReused reused) {
            return "reused: " + reused.original();
        } else if (refusal instanceof UnregisteredEvent unregistered) {
            return "unregistered: " + unregistered.entityName() + " " + unregistered.eventName();
        } else if (refusal instanceof EventIdReused id) {
            return "id reused: " + id.id();
        }
        return refusal.toString();
    }

    /** Takes over what was stored, having checked that it follows what was there. */
    void store(Append append, AppendResult result) {
        assertThat(result.heads()).hasSize(append.size());
        int index = 0;
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                Head head = result.heads().get(index);
                Head before = head(part.entity());
                assertThat(head.entity()).isEqualTo(part.entity());
                assertThat(head.revision()).isEqualTo(before.revision() + 1);
                assertThat(head.position()).isGreaterThan(lastPosition());
                assertThat(head.eventId()).isNotNull().isIn(event.id() == null ? head.eventId() : event.id());
                ledger.add(stored(append.key(), index++, event, before, head));
            }
        }
    }

    @SuppressWarnings("NullAway") // the head after an event has its id
    private static StoredEvent stored(String key, int index, NewEvent event, Head before, Head head) {
        return new StoredEvent(
                head.position(),
                head.eventId(),
                head.entity(),
                head.revision(),
                before.eventId(),
                event.name(),
                key,
                index,
                event.data(),
                event.metadata(),
                Instant.EPOCH);
    }

    Head head(Entity entity) {
        List<Head> heads = headsOf(entity);
        return heads.get(heads.size() - 1);
    }

    /** Every head that the entity ever had, from before its first event on. */
    List<Head> headsOf(Entity entity) {
        List<Head> heads = new ArrayList<>(List.of(Head.beforeFirst(entity)));
        history(entity).forEach(event -> heads.add(event.head()));
        return heads;
    }

    List<StoredEvent> history(Entity entity) {
        return ledger.stream().filter(event -> event.entity().equals(entity)).toList();
    }

    List<StoredEvent> replay(Selection selection) {
        List<StoredEvent> selected = new ArrayList<>(ledger);
        selected.removeIf(event -> !ReplayChapter.selects(selection, event));
        if (selection.backwards()) {
            Collections.reverse(selected);
        }
        return selected.stream().limit(selection.limit()).toList();
    }

    /** The event with the id of another one, if there is any. */
    NewEvent withSomeTakenId(NewEvent event, Random random) {
        return ledger.isEmpty()
                ? event
                : event.withId(ledger.get(random.nextInt(ledger.size())).id());
    }

    /** Events without their times, which a model can't know. */
    static List<StoredEvent> timeless(List<StoredEvent> events) {
        return events.stream()
                .map(event -> new StoredEvent(
                        event.position(),
                        event.id(),
                        event.entity(),
                        event.revision(),
                        event.previousId(),
                        event.name(),
                        event.appendKey(),
                        event.appendIndex(),
                        event.data(),
                        event.metadata(),
                        Instant.EPOCH))
                .toList();
    }

    private long lastPosition() {
        return ledger.isEmpty() ? 0 : ledger.get(ledger.size() - 1).position();
    }

    private List<StoredEvent> storedUnder(String key) {
        return ledger.stream().filter(event -> event.appendKey().equals(key)).toList();
    }

    private static AppendResult resultOf(List<StoredEvent> original) {
        return new AppendResult(
                original.get(0).appendKey(),
                true,
                original.stream().map(StoredEvent::head).toList());
    }

    private static List<String> contents(Append append) {
        return append.parts().stream()
                .flatMap(part ->
                        part.events().stream().map(event -> part.entity() + " " + event.name() + " " + event.data()))
                .toList();
    }

    private static List<String> contents(List<StoredEvent> events) {
        return events.stream()
                .map(event -> event.entity() + " " + event.name() + " " + event.data())
                .toList();
    }
}
