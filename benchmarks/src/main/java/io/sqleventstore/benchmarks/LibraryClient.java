package io.sqleventstore.benchmarks;

import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.sql.SqlEventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Through the store. */
final class LibraryClient implements Client {
    private final SqlEventStore store;
    private final DataSource connections;
    private final Tally tally;
    private final Map<String, Head> heads = new HashMap<>();

    LibraryClient(SqlEventStore store, DataSource connections, Tally tally) {
        this.store = store;
        this.connections = connections;
        this.tally = tally;
    }

    @Override
    public UUID append(String key, int events) {
        List<NewEvent> some = events(events);
        Head head = head(key);
        while (true) {
            try {
                Head after = store.append(head.append(some)).head();
                heads.put(key, after);
                tally.appended(events);
                return Objects.requireNonNull(after.eventId());
            } catch (StaleAppend e) {
                tally.refused();
                head = e.current();
            }
        }
    }

    @Override
    public void appendInVain(String key) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Head lost = store.join(connection)
                        .append(head(key).append(events(1)))
                        .head();
                if (lost.revision() != head(key).revision() + 1) {
                    throw new IllegalStateException("The append gave " + lost + " after " + head(key) + ".");
                }
            } catch (TransactionMustRestart e) {
                // in vain too
            } finally {
                connection.rollback();
            }
        }
    }

    private Head head(String key) {
        return heads.computeIfAbsent(key, its -> Head.beforeFirst(Entity.of(Place.ENTITY, its)));
    }

    private static List<NewEvent> events(int number) {
        List<NewEvent> some = new ArrayList<>(number); // no stream: the floors have none either
        for (int i = 0; i < number; i++) {
            some.add(NewEvent.of(Place.EVENT, DATA));
        }
        return some;
    }

    @Override
    public long replay(String key) {
        return store.replay(Entity.of(Place.ENTITY, key), event -> {}).revision();
    }

    @Override
    public void resume(String key) {
        heads.put(key, store.replay(Entity.of(Place.ENTITY, key), event -> {}));
    }

    @Override
    public long replayAll(long after) {
        try (Stream<StoredEvent> events = store.replay(Selection.all().from(after + 1))) {
            return events.mapToLong(event -> 1).sum();
        }
    }
}
