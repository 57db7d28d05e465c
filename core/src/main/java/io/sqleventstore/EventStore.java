package io.sqleventstore;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An append-only ledger of events in a relational database. What it promises is numbered in {@code docs/contract.md}.
 *
 * <p>Safe for use by many threads, and by any number of processes on the same database that know nothing of each other.
 * Every call may throw {@link StoreUnavailable}, {@link StoreFailure} or {@link SchemaMismatch}; after any failure nothing
 * is half stored. Calls block until the database has answered, or for as long as the store is told to wait for it.
 */
public interface EventStore {
    /**
     * Registers entity and event names. Idempotent, and safe when many processes do it at once as they start. A name that was
     * registered once is never changed or removed.
     *
     * @param types the names; none is no mistake
     */
    void register(EntityType... types);

    /** {@return all registered entity types, sorted by name} */
    List<EntityType> registered();

    /**
     * {@return all events of one entity, in memory} For a long history use {@link #replay(Entity, Consumer)}.
     *
     * @param entity the entity; one without events has an empty history
     * @throws LedgerDamaged if the history has a hole, which nobody can bring about through the schema's constraints
     */
    History replay(Entity entity);

    /**
     * Hands the events of one entity to {@code fold}, one by one in revision order, and returns the head after the last. Memory
     * stays bounded whatever the length. No connection is held while {@code fold} runs, except in a joined transaction. What
     * {@code fold} throws ends the replay and reaches the caller.
     *
     * @param entity the entity
     * @param fold takes each event; called on this thread
     * @return the head after the last event
     * @throws LedgerDamaged if the history has a hole, which nobody can bring about through the schema's constraints
     */
    Head replay(Entity entity, Consumer<? super StoredEvent> fold);

    /**
     * {@return the selected events of the whole ledger in position order} Holds everything that was acknowledged before the call. The
     * stream is lazy and sequential; it reads pages, so that memory stays bounded, holds no connection between them, and need not be
     * closed. It is for one thread at a time and throws what this interface throws. Before the first event a whole page is read, many thousands of
     * small events: who wants a few only says so by {@link Selection#limit}.
     *
     * @param selection which events, in which direction, and how many
     */
    Stream<StoredEvent> replay(Selection selection);

    /**
     * Stores the append whole or not at all.
     *
     * @param append the events and the heads that they follow
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
     * {@return follows the ledger from a cursor on, with default options}
     *
     * @param selection which events; its positions, direction and limit have to be those of {@link Selection#all()}
     * @param from a cursor of this ledger, or {@link Cursor#START}
     * @throws IllegalArgumentException if they are not
     * @throws CursorRefused if no tail made the cursor
     * @throws IllegalStateException if the store has joined a transaction, whose view can't follow anything
     */
    default Tail tail(Selection selection, Cursor from) {
        return tail(selection, from, TailOptions.defaults());
    }

    /**
     * As {@link #tail(Selection, Cursor)}, with these options.
     *
     * @param selection as for {@link #tail(Selection, Cursor)}
     * @param from a cursor of this ledger, or {@link Cursor#START}
     * @param options how the tail works
     * @return the tail; nothing is read before it is asked for a page
     */
    Tail tail(Selection selection, Cursor from, TailOptions options);
}
