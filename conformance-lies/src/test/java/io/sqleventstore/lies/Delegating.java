package io.sqleventstore.lies;

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
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Does whatever an honest store does. */
abstract class Delegating implements EventStore {
    final EventStore honest;

    Delegating(EventStore honest) {
        this.honest = honest;
    }

    @Override
    public void register(EntityType... types) {
        honest.register(types);
    }

    @Override
    public List<EntityType> registered() {
        return honest.registered();
    }

    @Override
    public History replay(Entity entity) {
        return honest.replay(entity);
    }

    @Override
    public Head replay(Entity entity, Consumer<? super StoredEvent> fold) {
        return honest.replay(entity, fold);
    }

    @Override
    public Stream<StoredEvent> replay(Selection selection) {
        return honest.replay(selection);
    }

    @Override
    public AppendResult append(Append append) {
        return honest.append(append);
    }

    @Override
    public Tail tail(Selection selection, Cursor from, TailOptions options) {
        return honest.tail(selection, from, options);
    }
}
