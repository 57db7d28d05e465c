package io.sqleventstore.lies;

import static io.sqleventstore.lies.On.POSTGRES;

import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.History;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.lies.Lie.Opened;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Stores that lie when somebody replays or follows the ledger. */
final class LyingReplays {
    private LyingReplays() {}

    static List<Lie> all() {
        return List.of(
                Lie.on(POSTGRES, "replay that reads ahead without end").store(honest -> new Delegating(honest) {
                    @Override
                    public Stream<StoredEvent> replay(Selection selection) {
                        return honest.replay(selection).toList().stream();
                    }
                }),
                Lie.on(POSTGRES, "replay in the order of ids")
                        .sql("replay", "ORDER BY position {direction}", "ORDER BY event_id {direction}"),
                Lie.on(POSTGRES, "replay that skips at a page's end")
                        .sql(
                                "replay",
                                "BETWEEN :from AND :to",
                                "BETWEEN :from AND :to AND (position > :from OR position = 1)"),
                Lie.on(POSTGRES, "replay over a hole")
                        .sql(
                                "count-positions",
                                "COUNT(*)",
                                "CAST(:to AS bigint) - CAST(:from AS bigint) + 1 + 0 * COUNT(*)"),
                Lie.on(POSTGRES, "void delivered as an event")
                        .sql(
                                "replay",
                                "{columns}",
                                "position, event_id, ltrim(entity, '~'), ltrim(entity_key, '~'), revision, previous_id, ltrim(event, '~'),"
                                        + " append_key, append_index, data, metadata, recorded_at")
                        .sql("replay", "AND entity <> '~void'", ""),
                Lie.on(POSTGRES, "driver's exception from a replay").store(honest -> new Delegating(honest) {
                    @Override
                    public History replay(Entity entity) {
                        try {
                            return honest.replay(entity);
                        } catch (EventStoreException wrapped) {
                            throw LyingReplays.<RuntimeException>sneaky(
                                    wrapped.getCause() instanceof SQLException driver ? driver : wrapped);
                        }
                    }
                }),
                Lie.on(POSTGRES, "replay beside the joined transaction")
                        .store((honest, opened) -> new Delegating(honest) {
                            @Override
                            public History replay(Entity entity) {
                                return opened.store().replay(entity);
                            }
                        }),
                Lie.on(POSTGRES, "tail by position > ?")
                        .store((honest, opened) -> tailing((store, selection, from, options) ->
                                        new PositionTail(opened, selection, store.tail(selection, from, options)))
                                .apply(honest)),
                Lie.on(POSTGRES, "tail that waits in silence").store(tailing((store, selection, from, options) -> {
                    Tail tail = store.tail(selection, from, options);
                    return new DelegatingTail(tail) {
                        @Override
                        public Optional<Waiting> waiting() {
                            return Optional.empty();
                        }
                    };
                })),
                Lie.on(POSTGRES, "cursor of lost events accepted").store(tailing((store, selection, from, options) -> {
                    Tail tail = store.tail(selection, from, options);
                    return new DelegatingTail(tail) {
                        @Override
                        public Page next(Duration atMost) {
                            try {
                                return tail.next(atMost);
                            } catch (CursorRefused swallowed) {
                                return new Page(List.of(), cursor());
                            }
                        }
                    };
                })));
    }

    private interface Tailing {
        Tail tail(EventStore honest, Selection selection, Cursor from, TailOptions options);
    }

    private static UnaryOperator<EventStore> tailing(Tailing lying) {
        return honest -> new Delegating(honest) {
            @Override
            public Tail tail(Selection selection, Cursor from, TailOptions options) {
                return lying.tail(honest, selection, from, options);
            }
        };
    }

    /** Throws what the compiler would not let pass. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static class DelegatingTail implements Tail {
        private final Tail honest;

        DelegatingTail(Tail honest) {
            this.honest = honest;
        }

        @Override
        public Page next(Duration atMost) {
            return honest.next(atMost);
        }

        @Override
        public Cursor cursor() {
            return honest.cursor();
        }

        @Override
        public Optional<Waiting> waiting() {
            return honest.waiting();
        }
    }

    /** Delivers whatever is visible above the last event that it has seen, as most do. */
    private static final class PositionTail extends DelegatingTail {
        private static final int PAUSE_MILLIS = 2;

        private final Opened opened;
        private final Selection selection;
        private Cursor cursor;

        PositionTail(Opened opened, Selection selection, Tail honest) {
            super(honest);
            this.opened = opened;
            this.selection = selection;
            this.cursor = honest.cursor();
        }

        @Override
        public Page next(Duration atMost) {
            long deadline = System.nanoTime() + atMost.toNanos();
            while (true) {
                List<StoredEvent> events = above();
                if (!events.isEmpty()) {
                    StoredEvent last = events.get(events.size() - 1);
                    cursor = new Cursor(last.position() + "-" + last.id());
                }
                if (!events.isEmpty() || System.nanoTime() >= deadline) {
                    return new Page(events, cursor);
                }
                pause();
            }
        }

        /** As a transaction sees them, which settles nothing. */
        private List<StoredEvent> above() {
            long from = cursor.equals(Cursor.START)
                    ? 0
                    : Long.parseLong(cursor.token().substring(0, cursor.token().indexOf('-')));
            try (Connection connection = opened.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                List<StoredEvent> events = opened.store()
                        .join(connection)
                        .replay(selection.from(from + 1))
                        .toList();
                connection.rollback();
                connection.setAutoCommit(true);
                return events;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void pause() {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Cursor cursor() {
            return cursor;
        }
    }
}
