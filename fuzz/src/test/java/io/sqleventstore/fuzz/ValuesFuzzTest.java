package io.sqleventstore.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sqleventstore.Append;
import io.sqleventstore.Cursor;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.InvalidEvent;
import io.sqleventstore.Limits;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.TailOptions;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Every value that a caller can make is made, or refused by the exception that is documented for it, and only then. */
class ValuesFuzzTest {
    private static final String SCHEMA = "([a-z_][a-z0-9_]{0,62})?";
    private static final String PREFIX = "([a-z_][a-z0-9_]{0,19})?";

    @FuzzTest(maxDuration = "10m")
    void aValueIsLegalOrRefused(FuzzedDataProvider data) {
        Draw draw = new Draw(data);
        switch (draw.below(8)) {
            case 0 -> entities(draw);
            case 1 -> types(draw);
            case 2 -> heads(draw);
            case 3 -> appends(draw);
            case 4 -> selections(draw);
            case 5 -> tailOptions(draw);
            case 6 -> storeOptions(draw);
            default -> scripts(draw);
        }
    }

    private static void entities(Draw draw) {
        String name = draw.textOr("game");
        String key = draw.text();
        Outcome<Entity> entity =
                Outcome.of(() -> Entity.of(name, key)).made(Legal.name(name) && Legal.key(key), InvalidEvent.class);
        if (entity.isMade()) {
            assertThat(entity.value())
                    .isEqualByComparingTo(new Entity(name, key))
                    .hasToString(name + "/" + key);
        }
        Outcome.of(() -> NewEvent.of(key, "{}")).made(Legal.name(key), InvalidEvent.class);
        assertThat(new Cursor(key).token()).isEqualTo(key);
    }

    private static void types(Draw draw) {
        String name = draw.textOr("game");
        List<String> events = draw.some(4, () -> draw.textOr("started", "played"));
        boolean legal = Legal.name(name) && !events.isEmpty() && events.stream().allMatch(Legal::name);
        Outcome.of(() -> EntityType.of(name, events)).made(legal, InvalidEvent.class);
        Outcome.of(() -> EntityType.of(name, events.toArray(String[]::new))).made(legal, InvalidEvent.class);
    }

    private static void heads(Draw draw) {
        Entity entity = Entity.of("game", "a");
        long revision = draw.number();
        UUID id = draw.once(2) ? draw.id() : null;
        long position = draw.number();
        boolean first = revision == 0 && id == null && position == 0;
        boolean later = revision > 0 && id != null && position > 0;
        Outcome.of(() -> new Head(entity, revision, id, position)).made(first || later, InvalidEvent.class);
    }

    private static void appends(Draw draw) {
        List<Append> parts = draw.some(
                3,
                () -> Head.beforeFirst(Entity.of("game", draw.oneOf("a", "b", "c", "d")))
                        .append(NewEvent.of("played", "{}").withId(draw.id())));
        String key = draw.text();
        boolean legal = Legal.key(key)
                && !parts.isEmpty()
                && parts.stream()
                                .map(part -> part.parts().get(0).entity())
                                .distinct()
                                .count()
                        == parts.size()
                && parts.stream().map(ValuesFuzzTest::id).distinct().count() == parts.size();
        Outcome.of(() -> parts.stream()
                        .reduce(Append::and)
                        .orElseGet(() -> new Append(key, List.of()))
                        .withKey(key))
                .made(legal, InvalidEvent.class);
        List<NewEvent> events = draw.some(2, () -> NewEvent.of("played", "[]"));
        Outcome.of(() -> Head.beforeFirst(Entity.of("game", "a")).append(events))
                .made(!events.isEmpty(), InvalidEvent.class);
    }

    private static UUID id(Append append) {
        return append.parts().get(0).events().get(0).id();
    }

    private static void selections(Draw draw) {
        Selection selection = Selection.all();
        while (draw.hasMore()) {
            String text = draw.textOr("game", "player");
            List<String> more = draw.some(3, () -> draw.once(64) ? draw.text() : "k" + draw.below(600));
            String[] others = more.toArray(String[]::new);
            long number = draw.number();
            Selection before = selection;
            Outcome<Selection> after = switch (draw.below(6)) {
                case 0 -> Outcome.of(() -> before.ofEntity(text)).made(Legal.name(text), InvalidEvent.class);
                case 1 -> Outcome.of(() -> before.ofEntity(text, text, others));
                case 2 -> Outcome.of(() -> before.named(text, others));
                case 3 -> Outcome.of(() -> before.from(number)).made(number > 0, IllegalArgumentException.class);
                case 4 -> Outcome.of(() -> before.limit(number)).made(number >= 0, IllegalArgumentException.class);
                default -> Outcome.of(() -> before.to(number).inReverse()).made(true, InvalidEvent.class);
            };
            selection = after.isMade() ? after.value() : before;
            assertThat(selection.names()).hasSizeLessThanOrEqualTo(Limits.SELECTION_VALUES);
        }
    }

    private static void tailOptions(Draw draw) {
        Duration grace = draw.duration();
        int page = draw.smallNumber();
        Duration shortest = draw.duration();
        Duration longest = draw.duration();
        boolean legal = !grace.isNegative()
                && page >= 1
                && page <= 10_000
                && shortest.compareTo(Duration.ofMillis(1)) >= 0
                && longest.compareTo(shortest) >= 0;
        Outcome.of(() -> new TailOptions(grace, page, shortest, longest)).made(legal, IllegalArgumentException.class);
    }

    private static void storeOptions(Draw draw) {
        String schema = draw.textOr("", "events");
        String prefix = draw.textOr("", "es_");
        int page = draw.smallNumber();
        int fetch = draw.smallNumber();
        int attempts = draw.smallNumber();
        Duration patience = draw.duration();
        Duration timeout = draw.duration();
        int appendsPerCommit = draw.smallNumber();
        boolean legal = schema.matches(SCHEMA)
                && prefix.matches(PREFIX)
                && page >= 1
                && page <= 10_000
                && fetch >= 1
                && fetch <= 10_000
                && attempts >= 1
                && attempts <= 1_000
                && !patience.isNegative()
                && timeout.compareTo(Duration.ofSeconds(1)) >= 0
                && appendsPerCommit >= 0
                && appendsPerCommit <= 64;
        Outcome.of(() -> new StoreOptions(schema, prefix, page, fetch, attempts, patience, timeout, appendsPerCommit))
                .made(legal, IllegalArgumentException.class);
    }

    private static void scripts(Draw draw) {
        List<String> names = List.of(draw.textOr("app"), draw.textOr("reports"), draw.textOr("projector"));
        int from = draw.smallNumber();
        for (Dialect dialect : Dialects.all()) {
            StoreOptions options = StoreOptions.defaults().withSchema("events");
            Outcome.of(() -> SqlSchema.grants(dialect, options, names.get(0), names.get(1), names.get(2)))
                    .made(names.stream().allMatch(ValuesFuzzTest::isIdentifier), IllegalArgumentException.class);
            Outcome.of(() -> SqlSchema.script(dialect, options, from))
                    .made(from >= 0 && from <= SqlSchema.VERSION, IllegalArgumentException.class);
        }
    }

    private static boolean isIdentifier(String name) {
        return !name.isEmpty() && name.matches(SCHEMA);
    }
}
