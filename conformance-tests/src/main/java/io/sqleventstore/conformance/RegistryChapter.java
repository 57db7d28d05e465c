package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.conformance.RawLedger.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Chapter REG of the contract. */
abstract class RegistryChapter extends Suite {
    private static final int REGISTRARS = 16;
    private static final int ROUNDS = 60;
    private static final NewEvent HAPPENED = NewEvent.of("happened", "{}");

    /** Texts that a reader, a collation or a normalisation may take for each other, and that are all different. */
    private static final List<String> ALIKE = List.of(
            "strasse",
            "Strasse",
            "STRASSE",
            "straße",
            "stra\u00dfe\u0301",
            "caf\u00e9",
            "cafe\u0301",
            "cafe",
            "i",
            "I",
            "\u0131",
            "\u0130",
            "\uff41bc",
            "abc",
            "a bc",
            "a  bc",
            "a\tbc",
            "a\u00a0bc",
            "ab\u200bc",
            "ab\u200dc",
            "\u2764",
            "\u2764\ufe0f",
            "\ud83d\ude00",
            "\ud83d\ude01",
            "\u03c3",
            "\u03c2",
            "\u03a3",
            "\ufb01",
            "fi",
            "\u212b",
            "\u00c5",
            "A\u030a",
            "1",
            "01",
            "1.0",
            "\u0661",
            "%",
            "_",
            "a%",
            "a_");

    private void assertUnregistered(Append append, String entityName, String eventName) {
        UnregisteredEvent refusal = catchThrowableOfType(UnregisteredEvent.class, () -> store().append(append));
        assertThat(refusal).as(entityName + ", " + eventName).isNotNull();
        assertThat(refusal.entityName()).isEqualTo(entityName);
        assertThat(refusal.eventName()).isEqualTo(eventName);
        append.parts()
                .forEach(part ->
                        assertThat(store().replay(part.entity()).events()).isEmpty());
    }

    private Set<String> registeredFor(String entityName) {
        return store().registered().stream()
                .filter(type -> type.name().equals(entityName))
                .findFirst()
                .<Set<String>>map(EntityType::events)
                .orElse(Set.of());
    }

    @Test
    final void REG_1_an_event_that_is_not_registered_for_its_entity_is_refused_and_nothing_is_stored() {
        String name = newEntityName("happened");
        newEntityName("other");
        Entity entity = Entity.of(name, "key");
        assertUnregistered(Head.beforeFirst(entity).append(NewEvent.of("never", "{}")), name, "never");
        assertUnregistered(Head.beforeFirst(entity).append(NewEvent.of("other", "{}")), name, "other");
        assertUnregistered(Head.beforeFirst(entity).append(NewEvent.of("HAPPENED", "{}")), name, "HAPPENED");
        String nobody = unique("nobody");
        assertUnregistered(Head.beforeFirst(Entity.of(nobody, "key")).append(HAPPENED), nobody, "happened");
    }

    @Test
    final void REG_1_one_unregistered_event_keeps_the_whole_append_from_being_stored() {
        String name = newEntityName("happened");
        NewEvent never = NewEvent.of("never", "{}");
        Append batch = Head.beforeFirst(Entity.of(name, "a")).append(HAPPENED, HAPPENED, never);
        assertUnregistered(batch, name, "never");
        Append two = Head.beforeFirst(Entity.of(name, "b"))
                .append(HAPPENED)
                .and(Head.beforeFirst(Entity.of(name, "c")).append(never));
        assertUnregistered(two, name, "never");
    }

    @Test
    final void REG_1_an_event_can_be_stored_once_it_is_registered() {
        String name = newEntityName("happened");
        Append append = Head.beforeFirst(Entity.of(name, "key")).append(NewEvent.of("later", "{}"));
        assertUnregistered(append, name, "later");
        store().register(EntityType.of(name, "later"));
        assertThat(store().append(append).repeated()).isFalse();
    }

    @Test
    final void REG_1_the_database_itself_refuses_what_is_not_registered() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened", "other"), EntityType.of("b", "happened"));
            RawLedger raw = new RawLedger(place, fixture(), store);
            Row good = Row.after(Head.beforeFirst(Entity.of("a", "key")), "happened");
            Row another = Row.after(Head.beforeFirst(Entity.of("b", "key")), "happened");
            raw.assertRefused("an event that nobody registered", good.with("event", "never"));
            raw.assertRefused("an entity that nobody registered", good.with("entity", "nobody"));
            raw.assertRefused("an event that is registered for another entity", another.with("event", "other"));
            raw.assertRefused("one of two that nobody registered", good, another.with("event", "other"));
            raw.assertStored(good, another);
            store.register(EntityType.of("a", "never"));
            raw.assertStored(Row.after(store.replay(Entity.of("a", "key")).head(), "never"));
            raw.assertClean();
        });
    }

    @Test
    final void REG_2_registering_is_idempotent_and_adds_up() {
        String name = newEntityName("b", "a");
        store().register();
        store().register(EntityType.of(name, "a", "b"), EntityType.of(name, "c"));
        store().register(EntityType.of(name, "c"));
        assertThat(registeredFor(name)).containsExactly("a", "b", "c");
        assertThat(store().registered())
                .extracting(EntityType::name)
                .isSorted()
                .doesNotHaveDuplicates()
                .doesNotContain("~void");
    }

    @Test
    final void REG_2_many_that_register_at_once_all_succeed_and_the_union_is_registered() {
        for (int round = 0; round < ROUNDS; round++) {
            String one = unique("one");
            String other = unique("other");
            List<Race.Outcome<Boolean>> outcomes = Race.run(REGISTRARS, number -> {
                store().register(EntityType.of(one, names(number)), EntityType.of(other, names(number + 1)));
                return true;
            });
            assertThat(outcomes).allMatch(Race.Outcome::won);
            assertThat(registeredFor(one)).containsExactlyElementsOf(union(0));
            assertThat(registeredFor(other)).containsExactlyElementsOf(union(1));
        }
    }

    @Test
    final void REG_2_a_registered_name_is_never_changed_or_removed() {
        // no event has these names, so that it is not the foreign key of the ledger that protects them
        String name = newEntityName("a", "b");
        String where = " WHERE entity = '" + name + "' AND event = 'a'";
        for (String change : List.of("UPDATE %s SET event = 'c'", "UPDATE %s SET entity = 'c'", "DELETE FROM %s")) {
            String sql = change.formatted(table("event_registry")) + where;
            assertThat(runAsOwner(sql)).as(sql).isInstanceOf(SQLException.class);
        }
        assertThat(registeredFor(name)).containsExactly("a", "b");
    }

    private static Set<String> names(int number) {
        return new TreeSet<>(List.of("common", "event-" + number, "event-" + (number / 2), "event-" + (number / 4)));
    }

    private static SortedSet<String> union(int first) {
        SortedSet<String> union = new TreeSet<>();
        for (int number = first; number < first + REGISTRARS; number++) {
            union.addAll(names(number));
        }
        return union;
    }

    @Test
    final void REG_3_entity_keys_are_compared_exactly() {
        String name = newEntityName("happened");
        for (String key : ALIKE) {
            assertThat(store().append(Head.beforeFirst(Entity.of(name, key)).append(HAPPENED))
                            .head()
                            .revision())
                    .as(key)
                    .isEqualTo(1);
        }
        for (String key : ALIKE) {
            assertThat(store().replay(Entity.of(name, key)).events()).as(key).hasSize(1);
            assertThat(store().replay(Selection.all().ofEntity(name, key)))
                    .as(key)
                    .extracting(event -> event.entity().key())
                    .containsExactly(key);
        }
        assertThat(all(name)).hasSameSizeAs(ALIKE);
    }

    @Test
    final void REG_3_entity_names_and_event_names_are_compared_exactly() {
        String prefix = unique("n");
        String entityName = unique("entity");
        List<String> names = ALIKE.stream().map(name -> prefix + "x" + name).toList();
        store().register(names.stream()
                .map(name -> EntityType.of(name, "happened"))
                .toArray(EntityType[]::new));
        store().register(EntityType.of(entityName, names));
        assertThat(registeredFor(entityName)).containsExactlyElementsOf(new TreeSet<>(names));
        Head head = Head.beforeFirst(Entity.of(entityName, "key"));
        for (String name : names) {
            store().append(Head.beforeFirst(Entity.of(name, "key")).append(HAPPENED));
            head = store().append(head.append(NewEvent.of(name, "{}"))).head();
        }
        for (String name : names) {
            assertThat(all(name)).as(name).extracting(e -> e.entity().name()).containsExactly(name);
            assertThat(store().replay(Selection.all().named(name)))
                    .as(name)
                    .extracting(StoredEvent::name)
                    .containsExactly(name);
        }
    }

    @Test
    final void REG_3_append_keys_are_compared_exactly() {
        String name = newEntityName("happened");
        String prefix = unique("k") + "x";
        List<AppendResult> results = new ArrayList<>();
        for (String key : ALIKE) {
            Entity entity = Entity.of(name, "of " + results.size());
            results.add(store().append(Head.beforeFirst(entity).append(HAPPENED).withKey(prefix + key)));
        }
        assertThat(results).noneMatch(AppendResult::repeated);
        assertThat(all(name))
                .extracting(StoredEvent::appendKey)
                .doesNotHaveDuplicates()
                .hasSameSizeAs(ALIKE);
    }
}
