package io.sqleventstore;

import java.util.List;
import java.util.NoSuchElementException;

/**
 * What an append stored, now or the first time.
 *
 * @param key the append key
 * @param repeated whether the events had been stored before, by an append with the same key and content
 * @param heads for each event, in the order stored, the head of its entity right after it: its id, revision and position
 */
public record AppendResult(String key, boolean repeated, List<Head> heads) {
    /**
     * Copies the heads.
     *
     * @param key as {@link #key}
     * @param repeated as {@link #repeated}
     * @param heads as {@link #heads}
     */
    public AppendResult {
        heads = List.copyOf(heads);
    }

    /**
     * {@return the head that this append gave the only entity it was for}
     *
     * @throws IllegalStateException if it was for several
     */
    public Head head() {
        Head last = heads.get(heads.size() - 1);
        if (!heads.get(0).entity().equals(last.entity())) {
            throw new IllegalStateException("The append was for several entities; ask for the head of one.");
        }
        return last;
    }

    /**
     * {@return the head that this append gave that entity}
     *
     * @param entity one of those that the append was for
     * @throws NoSuchElementException if the append was not for it
     */
    public Head head(Entity entity) {
        return heads.stream()
                .filter(head -> head.entity().equals(entity))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new NoSuchElementException("The append was not for " + entity + "."));
    }
}
