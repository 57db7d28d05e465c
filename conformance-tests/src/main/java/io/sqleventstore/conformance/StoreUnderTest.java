package io.sqleventstore.conformance;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.History;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.sql.LedgerEntry;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.Verification;
import java.sql.Connection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** A store with what stands around it: what the suite calls. As safe for use by many threads as the two are. */
public final class StoreUnderTest implements EventStore {
    private final SqlEventStore store;
    private final UnaryOperator<EventStore> decorator;
    private final EventStore decorated;

    /**
     * A store with something around it.
     *
     * @param store the one that is decorated
     * @param decorator put around it, and around the store that joins a transaction
     */
    public StoreUnderTest(SqlEventStore store, UnaryOperator<EventStore> decorator) {
        this.store = store;
        this.decorator = decorator;
        this.decorated = decorator.apply(store);
    }

    EventStore join(Connection connection) {
        return decorator.apply(store.join(connection));
    }

    EventStore join(Handle handle) {
        return decorator.apply(store.join(handle));
    }

    Verification verify() {
        return store.verify();
    }

    Stream<LedgerEntry> entries() {
        return store.entries();
    }

    @Override
    public void register(EntityType... types) {
        decorated.register(types);
    }

    @Override
    public List<EntityType> registered() {
        return decorated.registered();
    }

    @Override
    public History replay(Entity entity) {
        return decorated.replay(entity);
    }

    @Override
    public Head replay(Entity entity, Consumer<? super StoredEvent> fold) {
        return decorated.replay(entity, fold);
    }

    @Override
    public Stream<StoredEvent> replay(Selection selection) {
        return decorated.replay(selection);
    }

    @Override
    public AppendResult append(Append append) {
        return decorated.append(append);
    }

    @Override
    public Tail tail(Selection selection, Cursor from, TailOptions options) {
        return decorated.tail(selection, from, options);
    }
}
