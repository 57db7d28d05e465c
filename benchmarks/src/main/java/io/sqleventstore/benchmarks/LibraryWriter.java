package io.sqleventstore.benchmarks;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.sql.SqlEventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** Appends through the store, each event after the head that the append before returned. */
final class LibraryWriter implements Writer {
    private final SqlEventStore store;
    private Head head = Head.beforeFirst(Entity.of(Place.ENTITY, "library-" + UUID.randomUUID()));

    LibraryWriter(SqlEventStore store) {
        this.store = store;
    }

    @Override
    public void append() {
        head = store.append(next()).head();
    }

    /** Appends in a transaction that is rolled back then; its position stays missing for ever. */
    void appendInVain(DataSource connections) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Head lost = store.join(connection).append(next()).head();
                if (lost.revision() != head.revision() + 1) {
                    throw new IllegalStateException("The append gave " + lost + " after " + head + ".");
                }
            } catch (TransactionMustRestart e) {
                // in vain too
            } finally {
                connection.rollback();
            }
        }
    }

    /** Where the event that was appended last is. */
    long position() {
        return head.position();
    }

    private Append next() {
        return head.append(NewEvent.of(Place.EVENT, DATA));
    }
}
