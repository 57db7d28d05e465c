package io.sqleventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AppendTest {
    private static final Entity A = Entity.of("game", "a");
    private static final Entity B = Entity.of("game", "b");
    private static final NewEvent EVENT = NewEvent.of("played", "{}");

    @Test
    void parts_are_sorted_by_entity_whatever_the_order_they_came_in() {
        Append first = Head.beforeFirst(A)
                .append(EVENT)
                .and(Head.beforeFirst(B).append(EVENT))
                .withKey("k");
        Append second = Head.beforeFirst(B)
                .append(EVENT)
                .and(Head.beforeFirst(A).append(EVENT))
                .withKey("k");
        assertThat(first).isEqualTo(second);
        assertThat(first.parts()).extracting(Append.Part::entity).containsExactly(A, B);
    }

    @Test
    void each_append_without_a_key_gets_one_of_its_own() {
        assertThat(Head.beforeFirst(A).append(EVENT).key())
                .isNotEqualTo(Head.beforeFirst(A).append(EVENT).key());
    }

    @Test
    void an_entity_or_an_event_id_twice_or_no_event_at_all_is_refused() {
        Append a = Head.beforeFirst(A).append(EVENT);
        assertThatThrownBy(() -> a.and(a)).isInstanceOf(InvalidEvent.class).hasMessageContaining("game/a comes twice");
        assertThatThrownBy(() -> Head.beforeFirst(A).append()).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> new Append("k", List.of())).isInstanceOf(InvalidEvent.class);
        NewEvent withId = EVENT.withId(new UUID(1, 1));
        assertThatThrownBy(() -> Head.beforeFirst(A).append(withId, withId)).isInstanceOf(InvalidEvent.class);
    }

    @Test
    void an_append_is_limited_in_size() {
        Head head = Head.beforeFirst(A);
        assertThat(head.append(Collections.nCopies(Limits.EVENTS_PER_APPEND, EVENT))
                        .size())
                .isEqualTo(10_000);
        List<NewEvent> tooMany = Collections.nCopies(Limits.EVENTS_PER_APPEND + 1, EVENT);
        assertThatThrownBy(() -> head.append(tooMany))
                .isInstanceOf(InvalidEvent.class)
                .hasMessageContaining("10001");
    }

    @Test
    void a_head_whose_components_do_not_fit_is_refused() {
        UUID id = new UUID(1, 1);
        assertThatThrownBy(() -> new Head(A, 0, id, 0)).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> new Head(A, 1, null, 1)).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> new Head(A, 1, id, 0)).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> new Head(A, -1, id, 1)).isInstanceOf(InvalidEvent.class);
    }

    @Test
    void a_result_knows_the_heads_it_made() {
        Head a1 = new Head(A, 1, new UUID(1, 1), 1);
        Head a2 = new Head(A, 2, new UUID(1, 2), 2);
        Head b1 = new Head(B, 1, new UUID(1, 3), 3);
        AppendResult both = new AppendResult("k", false, List.of(a1, a2, b1));
        assertThat(both.head(A)).isEqualTo(a2);
        assertThat(both.head(B)).isEqualTo(b1);
        assertThatThrownBy(both::head).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> both.head(Entity.of("game", "c"))).isInstanceOf(NoSuchElementException.class);
        assertThat(new AppendResult("k", false, List.of(a1, a2)).head()).isEqualTo(a2);
    }
}
