package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Cursor;
import io.sqleventstore.CursorRefused;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import io.sqleventstore.TailOptions;
import io.sqleventstore.TransactionMustRestart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The beginning of chapter TAIL of the contract; a database is not certified for it yet. */
abstract class TailChapter extends ModelChapter {
    private static final Duration SOON = Duration.ofMillis(200);
    private static final int WRITERS = 4;
    private static final int APPENDS = 60;
    private static final NewEvent HAPPENED = NewEvent.of("happened", "{}");

    /** What a tail delivers until nothing comes any more. */
    private static List<StoredEvent> drain(Tail tail) {
        List<StoredEvent> events = new ArrayList<>();
        for (Tail.Page page = tail.next(SOON); !page.events().isEmpty(); page = tail.next(SOON)) {
            events.addAll(page.events());
        }
        return events;
    }

    /** Appends in a transaction that is rolled back, so that its positions are drawn and given up. */
    private void appendInVain(Entity entity) throws SQLException {
        try (Connection connection = joining().getConnection()) {
            connection.setAutoCommit(false);
            try {
                store().join(connection).append(Head.beforeFirst(entity).append(HAPPENED));
            } catch (TransactionMustRestart busy) {
                assertThat(busy).as("it is given up in any case").isNotNull();
            }
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Test
    final void TAIL_1_a_tail_delivers_what_a_replay_shows_and_goes_on_from_its_cursor() {
        String name = newEntityName("happened", "other");
        Selection selection = Selection.all().ofEntity(name).named("happened");
        Tail tail = store().tail(selection, Cursor.START, TailOptions.defaults().withPageSize(7));
        Head head = Head.beforeFirst(Entity.of(name, "key"));
        for (int i = 0; i < 20; i++) {
            head = store().append(head.append(HAPPENED, NewEvent.of("other", "{}")))
                    .head();
        }
        List<StoredEvent> events = drain(tail);
        assertThat(events).hasSize(20).isEqualTo(store().replay(selection).toList());
        store().append(head.append(HAPPENED));
        assertThat(drain(store().tail(selection, tail.cursor()))).hasSize(1).isEqualTo(drain(tail));
        assertThat(tail.waiting()).isEmpty();
    }

    @Test
    final void TAIL_1_while_others_append_and_roll_back_a_tail_misses_nothing() {
        String name = newEntityName("happened");
        Selection selection = Selection.all().ofEntity(name);
        AtomicInteger writing = new AtomicInteger(WRITERS);
        List<StoredEvent> seen = Collections.synchronizedList(new ArrayList<>());
        Race.run(WRITERS + 1, number -> {
            if (number == WRITERS) {
                Tail tail = store().tail(selection, Cursor.START);
                while (writing.get() > 0) {
                    seen.addAll(tail.next(SOON).events());
                }
                seen.addAll(drain(tail));
                return number;
            }
            try {
                appendAndRollBack(Entity.of(name, "writer " + number));
            } finally {
                writing.decrementAndGet();
            }
            return number;
        });
        assertThat(seen)
                .hasSize(WRITERS * APPENDS)
                .isEqualTo(store().replay(selection).toList());
    }

    private void appendAndRollBack(Entity entity) throws SQLException {
        Head head = Head.beforeFirst(entity);
        for (int i = 0; i < APPENDS; i++) {
            head = store().append(head.append(HAPPENED)).head();
            if (i % 10 == 0) {
                appendInVain(Entity.of(entity.name(), unique("vain")));
            }
        }
    }

    @Test
    final void TAIL_2_a_position_that_was_rolled_back_is_settled() throws SQLException {
        Entity entity = newEntity("happened");
        Tail tail = store().tail(Selection.all().of(entity), Cursor.START);
        appendInVain(Entity.of(entity.name(), "in vain"));
        store().append(Head.beforeFirst(entity).append(HAPPENED));
        assertThat(tail.next(Duration.ofSeconds(10)).events()).hasSize(1);
        assertThat(tail.waiting()).isEmpty();
    }

    @Test
    final void TAIL_4_a_cursor_that_does_not_fit_the_ledger_is_refused() {
        Entity entity = newEntity("happened");
        store().append(Head.beforeFirst(entity).append(HAPPENED));
        Tail tail = store().tail(Selection.all().of(entity), Cursor.START);
        drain(tail);
        String token = tail.cursor().token();
        String other = token.substring(0, token.indexOf('-')) + "-00000000-0000-0000-0000-000000000000";
        assertThatThrownBy(
                        () -> store().tail(Selection.all(), new Cursor(other)).next(Duration.ZERO))
                .isInstanceOf(CursorRefused.class);
        assertThatThrownBy(() -> store().tail(Selection.all(), new Cursor("17")))
                .isInstanceOf(CursorRefused.class);
        assertThatThrownBy(() -> store().tail(Selection.all().limit(1), Cursor.START))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
