package io.sqleventstore.rivals;

import io.sqleventstore.benchmarks.Rival;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;

/** Numbers an aggregate's events, as an aggregate does; the engine refuses a number that is there already. */
final class AxonClient implements Rival.Worker {
    private static final String TYPE = "game";
    private static final long BEFORE_FIRST = -1;

    private final EventStorageEngine engine;
    private final Map<String, Long> lasts = new HashMap<>();

    AxonClient(EventStorageEngine engine) {
        this.engine = engine;
    }

    @Override
    public int append(String key, List<String> documents) {
        for (int refused = 0; ; refused++) {
            long last = lasts.getOrDefault(key, BEFORE_FIRST);
            try {
                engine.appendEvents(events(key, last, documents));
                lasts.put(key, last + documents.size());
                return refused;
            } catch (ConcurrencyException | AggregateStreamCreationException e) {
                lasts.put(key, engine.lastSequenceNumberFor(key).orElse(BEFORE_FIRST));
            }
        }
    }

    private static List<DomainEventMessage<String>> events(String key, long last, List<String> documents) {
        List<DomainEventMessage<String>> events = new ArrayList<>(documents.size());
        for (String document : documents) {
            events.add(new GenericDomainEventMessage<>(TYPE, key, last + 1 + events.size(), document));
        }
        return events;
    }

    @Override
    public long replay(String key) {
        return count(engine.readEvents(key).asStream());
    }

    @Override
    public long replayAll() {
        try (Stream<? extends EventMessage<?>> events = engine.readEvents(null, false)) {
            return count(events);
        }
    }

    /** A payload is made of its bytes when it is asked for. */
    private static long count(Stream<? extends EventMessage<?>> events) {
        return events.filter(event -> event.getPayload() instanceof String).count();
    }
}
