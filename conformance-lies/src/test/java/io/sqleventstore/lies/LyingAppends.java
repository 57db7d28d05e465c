package io.sqleventstore.lies;

import static io.sqleventstore.lies.On.POSTGRES;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreUnavailable;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.lies.Lie.Opened;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Stores that lie when something is registered or appended. */
final class LyingAppends {
    private static final AtomicLong INVENTED = new AtomicLong(1_000_000);
    private static final Duration LATE = Duration.ofMillis(100);

    private LyingAppends() {}

    static List<Lie> all() {
        return List.of(
                Lie.on(POSTGRES, "success without storing").store(appending((store, append) -> invented(append))),
                Lie.on(POSTGRES, "refused insert called a success").store(appending((store, append) -> {
                    try {
                        return store.append(append);
                    } catch (EventStoreException swallowed) {
                        return invented(append);
                    }
                })),
                Lie.on(POSTGRES, "any violated constraint called stale").store(appending((store, append) -> {
                    try {
                        return store.append(append);
                    } catch (UnregisteredEvent | AppendKeyReused | EventIdReused misjudged) {
                        throw stale(store, append);
                    }
                })),
                Lie.on(POSTGRES, "last write wins").store(appending(LyingAppends::appendAtLast)),
                Lie.on(POSTGRES, "stale without the head").store(appending((store, append) -> {
                    try {
                        return store.append(append);
                    } catch (StaleAppend stale) {
                        throw new StaleAppend(
                                stale.expected(),
                                Head.beforeFirst(stale.expected().entity()));
                    }
                })),
                Lie.on(POSTGRES, "order checked in Java only")
                        .sql("schema", "CONSTRAINT {n}event_ledger_line UNIQUE (entity, entity_key, revision),", "")
                        .store(checking(LyingAppends::checkHeads)),
                Lie.on(POSTGRES, "registry checked in Java only")
                        .sql(
                                "schema",
                                "WHERE r.entity OPERATOR(pg_catalog.=) NEW.entity AND r.event OPERATOR(pg_catalog.=) NEW.event",
                                "LIMIT 1")
                        .store(checking(LyingAppends::checkNames)),
                Lie.on(POSTGRES, "previous event checked in Java only")
                        .sql(
                                "schema",
                                "ELSIF (NEW.revision OPERATOR(pg_catalog.<>) 1) AND below IS NULL THEN",
                                "ELSIF false THEN")
                        .sql("schema", "AND (below OPERATOR(pg_catalog.<) NEW.position)", "")
                        .store(checking(LyingAppends::checkHeads)),
                Lie.on(POSTGRES, "retry called a conflict").store(appending((store, append) -> {
                    AppendResult result = store.append(append);
                    if (result.repeated()) {
                        throw stale(store, append);
                    }
                    return result;
                })),
                Lie.on(POSTGRES, "head judged before the key").store(checking((store, append) -> {
                    for (Append.Part part : append.parts()) {
                        Head head = store.replay(part.entity()).head();
                        if (!head.equals(part.after())) {
                            throw new StaleAppend(part.after(), head);
                        }
                    }
                })),
                Lie.on(POSTGRES, "deduplication forgotten at restart")
                        .sql(
                                "schema",
                                ",\n  CONSTRAINT {n}event_ledger_append_key UNIQUE (append_key, append_index)",
                                "")
                        .sql("stored-under", "WHERE append_key = :appendKey", "WHERE append_key = :appendKey AND 1 = 0")
                        .store(RememberingStore::new),
                Lie.on(POSTGRES, "same key taken for same content").store(appending((store, append) -> {
                    try {
                        return store.append(append);
                    } catch (AppendKeyReused reused) {
                        return reused.original();
                    }
                })),
                Lie.on(POSTGRES, "unknown outcome called a failure").store(appending((store, append) -> {
                    try {
                        return store.append(append);
                    } catch (StoreUnavailable lost) {
                        throw new StoreUnavailable(String.valueOf(lost.getMessage()), false, lost.getCause());
                    }
                })),
                Lie.on(POSTGRES, "one append for each entity").store(appending(LyingAppends::appendEachEntity)),
                Lie.on(POSTGRES, "commit reported before it happened")
                        .store((honest, opened) ->
                                honest == opened.store() ? appending(opened, LyingAppends::appendLate) : honest),
                Lie.on(POSTGRES, "key pasted into the SQL")
                        .store((honest, opened) -> appending((store, append) -> {
                                    lookUp(append.key(), opened);
                                    return store.append(append);
                                })
                                .apply(honest)),
                Lie.on(POSTGRES, "connection kept after a refusal")
                        .store((honest, opened) -> appending((store, append) -> {
                                    try {
                                        return store.append(append);
                                    } catch (EventStoreException refusal) {
                                        keepOne(opened);
                                        throw refusal;
                                    }
                                })
                                .apply(honest)),
                Lie.on(POSTGRES, "names of a known entity not added").store(honest -> new Delegating(honest) {
                    @Override
                    public void register(EntityType... types) {
                        Set<String> known = new HashSet<>();
                        honest.registered().forEach(type -> known.add(type.name()));
                        honest.register(List.of(types).stream()
                                .filter(type -> !known.contains(type.name()))
                                .toArray(EntityType[]::new));
                    }
                }));
    }

    private interface Appending {
        AppendResult append(EventStore honest, Append append);
    }

    private static UnaryOperator<EventStore> appending(Appending lying) {
        return honest -> new Delegating(honest) {
            @Override
            public AppendResult append(Append append) {
                return lying.append(honest, append);
            }
        };
    }

    private interface AppendingLate {
        AppendResult append(Opened opened, Append append);
    }

    private static EventStore appending(Opened opened, AppendingLate lying) {
        return appending((store, append) -> lying.append(opened, append)).apply(opened.store());
    }

    private interface Check {
        void before(EventStore honest, Append append);
    }

    private static UnaryOperator<EventStore> checking(Check check) {
        return appending((store, append) -> {
            check.before(store, append);
            return store.append(append);
        });
    }

    private static StaleAppend stale(EventStore store, Append append) {
        Head expected = append.parts().get(0).after();
        return new StaleAppend(expected, store.replay(expected.entity()).head());
    }

    /** A result as the database might have given it. */
    private static AppendResult invented(Append append) {
        List<Head> heads = new ArrayList<>();
        for (Append.Part part : append.parts()) {
            long revision = part.after().revision();
            for (int i = 0; i < part.events().size(); i++) {
                heads.add(new Head(part.entity(), ++revision, UUID.randomUUID(), INVENTED.incrementAndGet()));
            }
        }
        return new AppendResult(append.key(), false, heads);
    }

    private static AppendResult appendAtLast(EventStore store, Append append) {
        while (true) {
            try {
                return store.append(append);
            } catch (StaleAppend stale) {
                List<Append.Part> parts = append.parts().stream()
                        .map(part -> new Append.Part(store.replay(part.entity()).head(), part.events()))
                        .toList();
                append = new Append(append.key(), parts);
            }
        }
    }

    /** What the schema would refuse, refused a moment earlier and by nobody else. */
    private static void checkHeads(EventStore store, Append append) {
        for (Append.Part part : append.parts()) {
            boolean[] stored = {false};
            Head head = store.replay(
                    part.entity(), event -> stored[0] |= event.appendKey().equals(append.key()));
            Head after = part.after();
            boolean same = head.revision() == after.revision() && Objects.equals(head.eventId(), after.eventId());
            if (!stored[0] && !same) {
                throw new StaleAppend(after, head);
            }
        }
    }

    private static void checkNames(EventStore store, Append append) {
        Map<String, Set<String>> registered = new HashMap<>();
        store.registered().forEach(type -> registered.put(type.name(), type.events()));
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                String entity = part.entity().name();
                if (!registered.getOrDefault(entity, Set.of()).contains(event.name())) {
                    throw new UnregisteredEvent(entity, event.name());
                }
            }
        }
    }

    private static AppendResult appendEachEntity(EventStore store, Append append) {
        List<Head> heads = new ArrayList<>();
        boolean repeated = true;
        for (Append.Part part : append.parts()) {
            String key = append.parts().size() == 1 ? append.key() : append.key() + heads.size();
            AppendResult result = store.append(new Append(key, List.of(part)));
            heads.addAll(result.heads());
            repeated &= result.repeated();
        }
        return new AppendResult(append.key(), repeated, heads);
    }

    /** Stores in a transaction that another thread commits a moment later. */
    private static AppendResult appendLate(Opened opened, Append append) {
        try {
            Connection connection = opened.dataSource().getConnection();
            try {
                connection.setAutoCommit(false);
                return opened.store().join(connection).append(append);
            } finally {
                new Thread(() -> commit(connection)).start();
            }
        } catch (SQLException e) {
            throw new StoreUnavailable("no connection", false, e);
        }
    }

    private static void commit(Connection connection) {
        try (connection) {
            Thread.sleep(LATE.toMillis());
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException | InterruptedException lost) {
            Thread.currentThread().interrupt();
        }
    }

    private static void lookUp(String key, Opened opened) {
        String sql = "SELECT 1 FROM " + opened.table("event_ledger") + " WHERE append_key = '" + key + "'";
        try (Connection connection = opened.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new StoreUnavailable("looking for " + key, false, e);
        }
    }

    private static void keepOne(Opened opened) {
        try {
            opened.dataSource().getConnection().setAutoCommit(true);
        } catch (SQLException e) {
            throw new StoreUnavailable("no connection", false, e);
        }
    }

    /** Knows the keys that it has seen, until it is closed. */
    private static final class RememberingStore extends Delegating {
        private final Map<String, Stored> stored = new ConcurrentHashMap<>();

        private record Stored(List<Object> content, AppendResult result) {}

        RememberingStore(EventStore honest) {
            super(honest);
        }

        @Override
        public AppendResult append(Append append) {
            List<Object> content = content(append);
            boolean[] stores = {false};
            Stored known = stored.computeIfAbsent(append.key(), key -> {
                stores[0] = true;
                return new Stored(content, honest.append(append));
            });
            if (stores[0]) {
                return known.result();
            }
            AppendResult original =
                    new AppendResult(append.key(), true, known.result().heads());
            if (!known.content().equals(content)) {
                throw new AppendKeyReused(original);
            }
            return original;
        }

        private static List<Object> content(Append append) {
            List<Object> content = new ArrayList<>();
            for (Append.Part part : append.parts()) {
                Entity entity = part.entity();
                part.events().forEach(event -> content.add(List.of(entity, event.name(), event.data())));
            }
            return content;
        }
    }
}
