package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.History;
import io.sqleventstore.NewEvent;
import io.sqleventstore.PositionUndecided;
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.conformance.RawLedger.Row;
import io.sqleventstore.sql.StoreOptions;
import io.sqleventstore.sql.Verification;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Chapter SEC of the contract. */
abstract class SecurityChapter extends ErrorsChapter {
    private static final List<String> HOSTILE = List.of(
            "'; DROP TABLE event_ledger; --",
            "' OR '1'='1",
            "''",
            "\"",
            "\\",
            "\\'",
            "`x`",
            "[x]",
            "%",
            "_%",
            "${x}",
            "#{x}",
            "{p}",
            "{n}",
            "{filter}",
            "{columns}",
            "{rows:(?)}",
            ":name",
            "::text",
            "?",
            "??",
            "$1",
            "$$x$$",
            "<x>",
            "/* x */",
            "-- x",
            "x;",
            "NULL",
            "x\u2028y");

    @Test
    final void SEC_1_hostile_texts_are_values_wherever_they_stand() {
        for (String text : HOSTILE) {
            String name = unique("e") + text;
            String data = "{\"text\":\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
            store().register(EntityType.of(name, text, "other"));
            Entity entity = Entity.of(name, text);
            NewEvent event = NewEvent.of(text, data).withMetadata(data);
            Append append = Head.beforeFirst(entity).append(event).withKey(unique("k") + text);
            store().append(append);
            assertThat(store().append(append).repeated()).as(text).isTrue();
            StoredEvent stored = store().replay(
                            Selection.all().ofEntity(name, text, "none").named(text, "none"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(text));
            assertThat(stored.entity()).isEqualTo(entity);
            assertThat(stored.name()).isEqualTo(text);
            assertThat(stored.data()).isEqualTo(data);
            assertThat(stored.metadata()).isEqualTo(data);
            assertThat(stored.appendKey()).isEqualTo(append.key());
        }
        assertThat(store().verify().clean()).isTrue();
    }

    @Test
    final void SEC_1_only_plain_identifiers_become_part_of_a_statement() {
        StoreOptions options = StoreOptions.defaults();
        for (String text : HOSTILE) {
            assertThatThrownBy(() -> options.withSchema(text)).as(text).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> options.withPrefix(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        for (String text : List.of("A", "a b", "a.b", "ä", "1a", " ", "a\n", "a".repeat(64))) {
            assertThatThrownBy(() -> options.withSchema(text)).as(text).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> options.withPrefix(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(options.withSchema("events_1").withPrefix("es_").prefix()).isEqualTo("es_");
    }

    @Test
    final void SEC_2_an_appender_appends_and_replays_under_the_whole_contract() {
        EventStore appender = storeOn(as(Role.APPENDER, place()), options());
        String name = unique("entity");
        appender.register(EntityType.of(name, "happened"));
        Entity entity = Entity.of(name, "key");
        History history = appender.replay(entity);
        Append append = history.append(NewEvent.of("happened", "{}"));
        assertThat(appender.append(append).repeated()).isFalse();
        assertThat(appender.append(append).repeated()).isTrue();
        assertThatThrownBy(() -> appender.append(history.append(NewEvent.of("happened", "[]"))))
                .isInstanceOf(StaleAppend.class);
        assertThat(appender.replay(Selection.all().ofEntity(name))).hasSize(1);
        assertThat(appender.registered()).isEqualTo(store().registered());
    }

    @Test
    final void SEC_2_an_appender_can_change_and_remove_nothing() {
        DataSource appender = as(Role.APPENDER, place());
        for (String sql : List.of(
                "UPDATE " + table("event_ledger") + " SET data = data",
                "DELETE FROM " + table("event_ledger"),
                "DELETE FROM " + table("event_registry"))) {
            assertThat(refusal(appender, sql)).as(sql).isInstanceOf(SQLException.class);
        }
        String scratch = table("scratch_" + unique("s"));
        assertThat(refusal(place().dataSource(), "CREATE TABLE " + scratch + " (n INTEGER)"))
                .isNull();
        assertThat(refusal(appender, "DROP TABLE " + scratch) != null)
                .isEqualTo(fixture().hasRoles());
    }

    @Test
    final void SEC_2_an_appender_can_not_remove_the_tables() {
        onEmptyStore((place, store) -> {
            String name = table(place, "event_ledger");
            Throwable refusal = refusal(as(Role.APPENDER, place), "DROP TABLE " + name);
            assertThat(refusal != null).isEqualTo(fixture().hasRoles());
            assertThat(refusal(place.dataSource(), "SELECT 1 FROM " + name) == null)
                    .isEqualTo(fixture().hasRoles());
        });
    }

    @Test
    final void SEC_2_every_role_can_verify_the_ledger() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            Head head = Head.beforeFirst(Entity.of("a", "key"));
            NewEvent event = NewEvent.of("happened", "{}");
            store.append(head.append(event, event));
            Verification expected = store.verify();
            assertThat(expected.clean()).isTrue();
            assertThat(expected.events()).isEqualTo(2);
            for (Role role : Role.values()) {
                Verification found = storeOn(as(role, place), place.options()).verify();
                assertThat(found.clean()).as(role.name()).isTrue();
                assertThat(found)
                        .as(role.name())
                        .usingRecursiveComparison()
                        .ignoringFields("checks") // some may not try what nobody may do, and the check says so
                        .isEqualTo(expected);
                assertThat(found.checks()).as(role.name()).hasSameSizeAs(expected.checks());
            }
        });
    }

    @Test
    final void SEC_2_a_reader_replays_and_stores_nothing() {
        Entity entity = newEntity("happened");
        Head head = store().append(Head.beforeFirst(entity).append(NewEvent.of("happened", "{}")))
                .head();
        assertThat(store().replay(Selection.all().of(entity)))
                .as("and what lies below is settled, as no reader can")
                .hasSize(1);
        EventStore reader = storeOn(as(Role.READER, place()), options());
        assertThat(reader.replay(entity)).isEqualTo(store().replay(entity));
        assertThat(reader.replay(Selection.all().of(entity))).hasSize(1);
        assertThat(reader.registered()).isEqualTo(store().registered());
        assertThatThrownBy(() -> reader.append(head.append(NewEvent.of("happened", "{}"))))
                .isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> reader.register(EntityType.of(unique("entity"), "x")))
                .isInstanceOf(StoreFailure.class);
        assertThat(store().replay(entity).head()).isEqualTo(head);
    }

    @Test
    final void SEC_2_a_reader_waits_at_a_missing_position_until_somebody_settles_it() {
        onEmptyStore((place, store) -> {
            store.register(EntityType.of("a", "happened"));
            Entity entity = Entity.of("a", "key");
            Head head = store.append(Head.beforeFirst(entity).append(NewEvent.of("happened", "{}")))
                    .head();
            long far = head.position() + 10;
            RawLedger raw = new RawLedger(place, fixture(), store);
            assertThat(catchThrowable(
                            () -> raw.insert(Row.after(head, "happened").with("position", far))))
                    .isNull();
            mendGenerator(place);
            DataSource connections = as(Role.READER, place);
            EventStore reader = storeOn(connections, place.options().withPatience(Duration.ofMillis(200)));
            assertThat(reader.replay(entity).events()).hasSize(2);
            assertThatThrownBy(() -> reader.replay(Selection.all()).count())
                    .isInstanceOfSatisfying(
                            PositionUndecided.class,
                            refusal -> assertThat(refusal.position()).isBetween(head.position() + 1, far - 1));
            EventStore appender = storeOn(as(Role.APPENDER, place), place.options());
            assertThat(appender.replay(Selection.all())).hasSize(2);
            assertThat(reader.replay(Selection.all())).hasSize(2);
        });
    }
}
