package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.Head;
import io.sqleventstore.History;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All clauses of one writer at once: random operations against the real store and against {@link Model}. */
abstract class ModelChapter extends SecurityChapter {
    /** Few to a store, since whoever is refused reads the whole registry. */
    private static final int STORES = 6;

    private static final int SEQUENCES = 50;
    private static final int OPERATIONS = 30;

    @Test
    final void ORD_1_ORD_2_ORD_3_ORD_5_DUP_1_DUP_2_DUP_4_RPL_1_RPL_2_REG_1_random_operations_give_what_a_model_gives() {
        long seed = Long.getLong("conformance.seed", System.nanoTime());
        for (int i = 0; i < STORES; i++) {
            long storeSeed = seed + (long) i * SEQUENCES;
            onEmptyStore((place, store) -> runSequences(store, storeSeed));
        }
    }

    private static void runSequences(StoreUnderTest store, long seed) {
        long stored = 0;
        for (long sequenceSeed = seed; sequenceSeed < seed + SEQUENCES; sequenceSeed++) {
            try {
                stored += new Sequence(store, sequenceSeed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("to repeat it: -Dconformance.seed=" + sequenceSeed, e);
            }
        }
        assertThat(store.replay(Selection.all()).count()).isEqualTo(stored);
        assertThat(store.verify().checks()).allMatch(check -> check.violations().isEmpty());
    }

    /** Some operations on entities of their own, each given to the store and to a model. */
    private static final class Sequence {
        private static final List<String> EVENTS = List.of("one", "two", "three");

        private final StoreUnderTest store;
        private final Random random;
        private final Model model = new Model();
        private final List<Append> appends = new ArrayList<>();
        private final List<Entity> entities = new ArrayList<>();

        Sequence(StoreUnderTest store, long seed) {
            this.store = store;
            this.random = new Random(seed);
            for (int name = 0; name < 2; name++) {
                String entityName = unique("model");
                for (String key : List.of("a", "A", "b")) {
                    entities.add(Entity.of(entityName, key));
                }
            }
        }

        /** How many events were stored. */
        int run() {
            for (int i = 0; i < OPERATIONS; i++) {
                operate();
            }
            entities.forEach(this::assertHistory);
            Selection everything = Selection.all()
                    .ofEntity(entities.get(0).name())
                    .ofEntity(entities.get(entities.size() - 1).name());
            assertThat(Model.timeless(store.replay(everything).toList())).isEqualTo(model.replay(everything));
            return model.size();
        }

        private void operate() {
            switch (random.nextInt(12)) {
                case 0, 1 -> register();
                case 2 -> assertHistory(any(entities));
                case 3 -> {
                    Selection selection = selection();
                    assertThat(Model.timeless(store.replay(selection).toList()))
                            .as(selection.toString())
                            .isEqualTo(model.replay(selection));
                }
                default -> append(command());
            }
        }

        private void assertHistory(Entity entity) {
            History history = store.replay(entity);
            assertThat(Model.timeless(history.events())).isEqualTo(model.history(entity));
            assertThat(history.head()).isEqualTo(model.head(entity));
        }

        private void register() {
            EntityType type = EntityType.of(any(entities).name(), any(EVENTS), any(EVENTS));
            store.register(type);
            model.register(type);
            assertThat(store.registered()).contains(model.registered(type.name()));
        }

        private void append(Append append) {
            Set<String> allowed = model.outcomes(append);
            try {
                AppendResult result = store.append(append);
                assertThat(Model.outcome(result)).as(append.toString()).isIn(allowed);
                if (!result.repeated()) {
                    model.store(append, result);
                }
            } catch (EventStoreException refusal) {
                assertThat(Model.outcome(refusal)).as(append.toString()).isIn(allowed);
            }
            appends.add(append);
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private Append command() {
            int kind = appends.isEmpty() ? 9 : random.nextInt(10);
            return switch (kind) {
                case 0, 1 -> any(appends);
                case 2 -> rebuilt(any(appends));
                case 3 -> fresh().withKey(any(appends).key());
                default -> fresh();
            };
        }

        /** The same command after the heads of now, as a restart would make it. */
        private Append rebuilt(Append append) {
            List<Append.Part> parts = append.parts().stream()
                    .map(part -> new Append.Part(model.head(part.entity()), part.events()))
                    .toList();
            return new Append(append.key(), parts);
        }

        private Append fresh() {
            List<Entity> some = new ArrayList<>(entities);
            Collections.shuffle(some, random);
            int count = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1;
            List<Append.Part> parts = new ArrayList<>();
            for (Entity entity : some.subList(0, count)) {
                List<NewEvent> events = events();
                // one that may be taken, at most: an id can't come twice in one append
                if (parts.isEmpty() && random.nextInt(12) == 0) {
                    events.set(0, model.withSomeTakenId(events.get(0), random));
                }
                parts.add(new Append.Part(head(entity), events));
            }
            return new Append(unique("command"), parts);
        }

        private Head head(Entity entity) {
            Head current = model.head(entity);
            return switch (random.nextInt(12)) {
                case 0 -> Head.beforeFirst(entity);
                case 1 -> any(model.headsOf(entity));
                case 2 -> new Head(entity, 1 + random.nextInt(4), UUID.randomUUID(), 1 + random.nextInt(50));
                case 3 -> {
                    // an event of another entity, as if it were of this one
                    Head other = model.head(any(entities));
                    yield other.eventId() == null
                            ? current
                            : new Head(entity, other.revision(), other.eventId(), other.position());
                }
                default -> current;
            };
        }

        private List<NewEvent> events() {
            List<NewEvent> events = new ArrayList<>();
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                NewEvent event = NewEvent.of(any(EVENTS), "{\"n\":" + random.nextInt(3) + "}");
                event = random.nextInt(3) == 0 ? event.withMetadata("[" + random.nextInt() + "]") : event;
                event = random.nextInt(10) == 0 ? event.withId(UUID.randomUUID()) : event;
                events.add(event);
            }
            return events;
        }

        private Selection selection() {
            Selection selection = Selection.all();
            int narrowed = 1 + random.nextInt(3);
            for (int i = 0; i < narrowed; i++) {
                Entity entity = any(entities);
                selection = random.nextBoolean() ? selection.of(entity) : selection.ofEntity(entity.name());
            }
            selection = random.nextInt(3) == 0 ? selection.named(any(EVENTS)) : selection;
            selection = random.nextInt(3) == 0 ? selection.limit(random.nextInt(5)) : selection;
            selection = random.nextInt(3) == 0 ? selection.inReverse() : selection;
            long position = Math.max(1, model.head(any(entities)).position());
            selection = random.nextInt(4) == 0 ? selection.from(position) : selection;
            return random.nextInt(4) == 0 ? selection.to(position) : selection;
        }
    }
}
