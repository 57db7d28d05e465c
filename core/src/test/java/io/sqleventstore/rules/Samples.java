package io.sqleventstore.rules;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random appends, each made from a seed, so that a failure can be repeated. */
final class Samples {
    private static final int SEEDS = 100;

    private final Random random;

    Samples(long seed) {
        this.random = new Random(seed);
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, SEEDS).boxed();
    }

    Append append() {
        List<Entity> entities = new ArrayList<>();
        for (String key : List.of("a", "b", "B", "ä", "😀")) {
            entities.add(Entity.of("game", key));
        }
        Collections.shuffle(entities, random);
        List<Append.Part> parts = new ArrayList<>();
        for (Entity entity : entities.subList(0, 1 + random.nextInt(entities.size()))) {
            parts.add(new Append.Part(head(entity), events()));
        }
        return new Append("key", parts);
    }

    private Head head(Entity entity) {
        return random.nextBoolean()
                ? Head.beforeFirst(entity)
                : new Head(entity, 1 + random.nextInt(9), id(), 1 + random.nextInt(99));
    }

    private List<NewEvent> events() {
        List<NewEvent> events = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            NewEvent event = NewEvent.of("e" + random.nextInt(3), "{\"n\":" + random.nextInt(3) + "}");
            events.add(random.nextBoolean() ? event : event.withId(id()).withMetadata("{}"));
        }
        return events;
    }

    UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** A number from 0 to below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** The append as the ledger would hold it, from some position on. */
    List<StoredEvent> stored(Append append) {
        long position = 100L + random.nextInt(100);
        List<StoredEvent> stored = new ArrayList<>();
        for (LedgerRow row : Continuation.rows(append, this::id)) {
            position += 1L + random.nextInt(3);
            stored.add(new StoredEvent(
                    position,
                    row.id(),
                    row.entity(),
                    row.revision(),
                    row.previousId(),
                    row.name(),
                    row.appendKey(),
                    row.appendIndex(),
                    row.data(),
                    row.metadata(),
                    Instant.EPOCH));
        }
        return stored;
    }
}
