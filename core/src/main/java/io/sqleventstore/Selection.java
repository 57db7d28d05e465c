package io.sqleventstore;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which events of the whole ledger to replay, and in which direction. Start from {@link #all()} and narrow it.
 *
 * @param entities entity names, each with the keys wanted; an empty set of keys means every key, an empty map every entity
 * @param names event names; empty means every name
 * @param fromPosition lowest position, inclusive, at least 1
 * @param toPosition highest position, inclusive
 * @param backwards whether the highest position comes first
 * @param limit most events to deliver, or {@link Long#MAX_VALUE}
 */
public record Selection(
        SortedMap<String, SortedSet<String>> entities,
        SortedSet<String> names,
        long fromPosition,
        long toPosition,
        boolean backwards,
        long limit) {

    private static final Selection ALL =
            new Selection(new TreeMap<>(), new TreeSet<>(), 1, Long.MAX_VALUE, false, Long.MAX_VALUE);

    /**
     * Copies and checks.
     *
     * @param entities as {@link #entities}
     * @param names as {@link #names}
     * @param fromPosition as {@link #fromPosition}
     * @param toPosition as {@link #toPosition}
     * @param backwards as {@link #backwards}
     * @param limit as {@link #limit}
     * @throws InvalidEvent if a name or key is not legal, so that no event can have it
     * @throws IllegalArgumentException if {@code fromPosition} is below 1, {@code limit} is negative, or there are more
     *     than {@value Limits#SELECTION_VALUES} keys or names
     */
    public Selection {
        entities = copy(entities);
        names = Collections.unmodifiableSortedSet(new TreeSet<>(requireNonNull(names, "names")));
        names.forEach(Texts::eventName);
        if (fromPosition < 1) {
            throw new IllegalArgumentException("fromPosition is " + fromPosition + "; positions begin at 1.");
        }
        if (limit < 0) {
            throw new IllegalArgumentException("limit is " + limit + "; it can't be negative.");
        }
        long keys = entities.values().stream()
                .mapToLong(each -> Math.max(1, each.size()))
                .sum();
        if (keys > Limits.SELECTION_VALUES || names.size() > Limits.SELECTION_VALUES) {
            throw new IllegalArgumentException(
                    "A selection takes %d keys and %d names at most; replay in several parts or filter what a wider one delivers."
                            .formatted(Limits.SELECTION_VALUES, Limits.SELECTION_VALUES));
        }
    }

    /** {@return every event, from the first on} */
    public static Selection all() {
        return ALL;
    }

    /**
     * Also (or, the first time, only) events of that entity name, whatever their key.
     *
     * @param name the entity name
     * @return the selection
     */
    public Selection ofEntity(String name) {
        return withEntity(name, Set.of());
    }

    /**
     * Also (or, the first time, only) events of that entity name with one of these keys, at least one.
     *
     * @param name the entity name
     * @param key a key
     * @param more further keys
     * @return the selection
     */
    public Selection ofEntity(String name, String key, String... more) {
        SortedSet<String> keys = new TreeSet<>(List.of(more));
        keys.add(key);
        return withEntity(name, keys);
    }

    /**
     * Also (or, the first time, only) events of that entity.
     *
     * @param entity the entity
     * @return the selection
     */
    public Selection of(Entity entity) {
        return ofEntity(entity.name(), entity.key());
    }

    /**
     * Also (or, the first time, only) events of that name, whatever their entity.
     *
     * @param name an event name
     * @param more further event names
     * @return the selection
     */
    public Selection named(String name, String... more) {
        SortedSet<String> all = new TreeSet<>(names);
        all.add(name);
        all.addAll(List.of(more));
        return new Selection(entities, all, fromPosition, toPosition, backwards, limit);
    }

    /**
     * Only events at that position or above it.
     *
     * @param position the lowest position, from 1
     * @return the selection
     */
    public Selection from(long position) {
        return new Selection(entities, names, position, toPosition, backwards, limit);
    }

    /**
     * Only events at that position or below it.
     *
     * @param position the highest position
     * @return the selection
     */
    public Selection to(long position) {
        return new Selection(entities, names, fromPosition, position, backwards, limit);
    }

    /**
     * The same events, from the highest position down.
     *
     * @return the selection
     */
    public Selection inReverse() {
        return new Selection(entities, names, fromPosition, toPosition, true, limit);
    }

    /**
     * At most so many events.
     *
     * @param limit how many, zero or more
     * @return the selection
     */
    public Selection limit(long limit) {
        return new Selection(entities, names, fromPosition, toPosition, backwards, limit);
    }

    private Selection withEntity(String name, Collection<String> keys) {
        SortedMap<String, SortedSet<String>> all = new TreeMap<>(entities);
        SortedSet<String> known = all.get(name);
        SortedSet<String> union = new TreeSet<>(keys);
        if (known != null) {
            boolean everyKey = known.isEmpty() || keys.isEmpty();
            union = everyKey ? new TreeSet<>() : union;
            if (!everyKey) {
                union.addAll(known);
            }
        }
        all.put(name, union);
        return new Selection(all, names, fromPosition, toPosition, backwards, limit);
    }

    private static SortedMap<String, SortedSet<String>> copy(SortedMap<String, SortedSet<String>> entities) {
        SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
        entities.forEach((name, keys) -> {
            Texts.entityName(name);
            keys.forEach(Texts::entityKey);
            copy.put(name, Collections.unmodifiableSortedSet(new TreeSet<>(keys)));
        });
        return Collections.unmodifiableSortedMap(copy);
    }
}
