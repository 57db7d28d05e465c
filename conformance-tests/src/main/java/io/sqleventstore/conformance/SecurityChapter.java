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
import io.sqleventstore.Selection;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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
            assertThat(run(appender, sql)).as(sql).isInstanceOf(SQLException.class);
        }
        String scratch = table("scratch_" + unique("s"));
        assertThat(run(place().dataSource(), "CREATE TABLE " + scratch + " (n INTEGER)"))
                .isNull();
        assertThat(run(appender, "DROP TABLE " + scratch) != null).isEqualTo(hasRoles());
    }

    @Test
    final void SEC_2_a_reader_replays_and_stores_nothing() {
        Entity entity = newEntity("happened");
        Head head = store().append(Head.beforeFirst(entity).append(NewEvent.of("happened", "{}")))
                .head();
        all(entity.name()); // settles what a reader would have to wait for
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

    private static @Nullable Throwable run(DataSource dataSource, String sql) {
        return catchThrowable(() -> {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(sql);
            }
        });
    }
}
