package io.sqleventstore;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An append-only ledger of events in a relational database. What it promises is numbered in {@code docs/contract.md}.
 *
 * <p>Safe for use by many threads, and by any number of processes on the same database that know nothing of each other.
 * Every call may throw {@link StoreUnavailable}, {@link StoreFailure} or {@link SchemaMismatch}; after any failure nothing
 * is half stored. Calls block until the database has answered.
 */
public interface EventStore {
    /**
     * Registers entity and event names. Idempotent, and safe when many processes do it at once as they start. A name that was
     * registered once is never changed or removed.
     */
    void register(EntityType... types);

    /** All registered entity types, sorted by name. */
    List<EntityType> registered();

    /**
     * All events of one entity, in memory. For a long history use {@link #replay(Entity, Consumer)}.
     *
     * @throws LedgerDamaged if the history has a hole, which nobody can bring about through the schema's constraints
     */
    History replay(Entity entity);

    /**
     * Hands the events of one entity to {@code fold}, one by one in revision order, and returns the head after the last. Memory
     * stays bounded whatever the length. No connection is held while {@code fold} runs, except in a joined transaction. What
     * {@code fold} throws ends the replay and reaches the caller.
     *
     * @throws LedgerDamaged if the history has a hole, which nobody can bring about through the schema's constraints
     */
    Head replay(Entity entity, Consumer<? super StoredEvent> fold);

    /**
     * The selected events of the whole ledger in position order. Holds everything that was acknowledged before the call. The
     * stream is lazy and sequential; it reads pages, so that memory stays bounded, holds no connection between them, and need
     * not be closed. It is for one thread at a time and throws what this interface throws.
     */
    Stream<StoredEvent> replay(Selection selection);

    /**
     * Stores the append whole or not at all.
     *
     * @return what was stored; if an append with the same key and content had been stored before, that one's result, marked
     *     as repeated, also after the entity has moved on
     * @throws StaleAppend if a part's head is not the newest event of its entity
     * @throws AppendKeyReused if the key belongs to an append with other content
     * @throws UnregisteredEvent if an event name is not registered for its entity's name
     * @throws EventIdReused if an event id that the client chose is taken
     * @throws TransactionMustRestart only in a joined transaction
     */
    AppendResult append(Append append);

    /**
     * Follows the ledger from a cursor on, with default options.
     *
     * @param selection which events; its positions, direction and limit have to be those of {@link Selection#all()}
     * @throws IllegalArgumentException if they are not
     * @throws CursorRefused if no tail made the cursor
     * @throws IllegalStateException if the store has joined a transaction, whose view can't follow anything
     */
    default Tail tail(Selection selection, Cursor from) {
        return tail(selection, from, TailOptions.defaults());
    }

    /** As {@link #tail(Selection, Cursor)}, with these options. */
    Tail tail(Selection selection, Cursor from, TailOptions options);
}
