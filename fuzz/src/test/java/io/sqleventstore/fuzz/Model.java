package io.sqleventstore.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a ledger has to hold, as a list, and what it has to say to an append. */
final class Model {
    private final SortedMap<String, SortedSet<String>> names = new TreeMap<>();
    private final List<StoredEvent> events = new ArrayList<>();

    Model copy() {
        Model copy = new Model();
        names.forEach((name, its) -> copy.names.put(name, new TreeSet<>(its)));
        copy.events.addAll(events);
        return copy;
    }

    List<StoredEvent> events() {
        return List.copyOf(events);
    }

    List<EntityType> types() {
        return names.entrySet().stream()
                .map(type -> new EntityType(type.getKey(), type.getValue()))
                .toList();
    }

    void register(EntityType type) {
        names.computeIfAbsent(type.name(), name -> new TreeSet<>()).addAll(type.events());
    }

    long lastPosition() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).position();
    }

    List<StoredEvent> of(Entity entity) {
        return events.stream().filter(event -> event.entity().equals(entity)).toList();
    }

    Head head(Entity entity) {
        return of(entity).stream()
                .reduce((earlier, later) -> later)
                .map(StoredEvent::head)
                .orElse(Head.beforeFirst(entity));
    }

    List<StoredEvent> under(String appendKey) {
        return events.stream()
                .filter(event -> event.appendKey().equals(appendKey))
                .toList();
    }

    /** Whether it has the content of what is stored under its key. */
    boolean hasStored(Append append) {
        List<StoredEvent> stored = under(append.key());
        List<List<String>> wanted = contents(append);
        return wanted.equals(stored.stream()
                .map(event -> content(event.entity(), event.name(), event.data()))
                .toList());
    }

    private static List<List<String>> contents(Append append) {
        return append.parts().stream()
                .flatMap(
                        part -> part.events().stream().map(event -> content(part.entity(), event.name(), event.data())))
                .toList();
    }

    private static List<String> content(Entity entity, String name, String data) {
        return List.of(entity.name(), entity.key(), name, data);
    }

    /** What an append under a new key may be refused by; nothing if it has to be stored. */
    Set<Class<? extends EventStoreException>> reasonsAgainst(Append append) {
        Set<Class<? extends EventStoreException>> reasons = new HashSet<>();
        for (Append.Part part : append.parts()) {
            Head current = head(part.entity());
            if (current.revision() != part.after().revision()
                    || !Objects.equals(current.eventId(), part.after().eventId())) {
                reasons.add(StaleAppend.class);
            }
            for (NewEvent event : part.events()) {
                if (!names.getOrDefault(part.entity().name(), new TreeSet<>()).contains(event.name())) {
                    reasons.add(UnregisteredEvent.class);
                }
                if (events.stream().anyMatch(stored -> stored.id().equals(event.id()))) {
                    reasons.add(EventIdReused.class);
                }
            }
        }
        return reasons;
    }

    /** Takes the rows that an append has brought, if they are what it had to bring. */
    void add(Append append, AppendResult result, List<StoredEvent> rows) {
        assertThat(rows).extracting(StoredEvent::head).isEqualTo(result.heads());
        assertThat(rows).hasSize(append.size());
        int index = 0;
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                StoredEvent row = rows.get(index);
                Head before = head(part.entity());
                assertThat(row)
                        .isEqualTo(new StoredEvent(
                                row.position(),
                                event.id() == null ? row.id() : event.id(),
                                part.entity(),
                                before.revision() + 1,
                                before.eventId(),
                                event.name(),
                                append.key(),
                                index++,
                                event.data(),
                                event.metadata(),
                                row.recordedAt()));
                assertThat(row.position()).isGreaterThan(lastPosition());
                events.add(row);
            }
        }
    }

    List<StoredEvent> selected(Selection selection) {
        Stream<StoredEvent> selected = events.stream()
                .filter(event -> event.position() >= selection.fromPosition()
                        && event.position() <= selection.toPosition()
                        && isSelected(event, selection));
        if (selection.backwards()) {
            selected = selected.sorted(
                    Comparator.comparingLong(StoredEvent::position).reversed());
        }
        return selected.limit(selection.limit()).toList();
    }

    private static boolean isSelected(StoredEvent event, Selection selection) {
        SortedSet<String> keys = selection.entities().get(event.entity().name());
        return (selection.names().isEmpty() || selection.names().contains(event.name()))
                && (selection.entities().isEmpty()
                        || (keys != null
                                && (keys.isEmpty()
                                        || keys.contains(event.entity().key()))));
    }
}
