package io.sqleventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void each_step_adds_entities_or_names() {
        Selection selection = Selection.all()
                .ofEntity("game", "b", "a")
                .of(Entity.of("game", "c"))
                .ofEntity("player")
                .named("x", "y")
                .named("z");
        assertThat(selection.entities()).containsOnlyKeys("game", "player");
        assertThat(selection.entities().get("game")).containsExactly("a", "b", "c");
        assertThat(selection.entities().get("player")).isEmpty();
        assertThat(selection.names()).containsExactly("x", "y", "z");
    }

    @Test
    void every_key_stays_every_key() {
        assertThat(Selection.all()
                        .ofEntity("game")
                        .ofEntity("game", "a")
                        .entities()
                        .get("game"))
                .isEmpty();
        assertThat(Selection.all()
                        .ofEntity("game", "a")
                        .ofEntity("game")
                        .entities()
                        .get("game"))
                .isEmpty();
    }

    @Test
    void what_no_event_can_have_is_refused() {
        assertThatThrownBy(() -> Selection.all().ofEntity(" ")).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> Selection.all().ofEntity("game", "~x")).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> Selection.all().named("")).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> Selection.all().from(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Selection.all().limit(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_selection_is_limited_in_size() {
        String[] keys = IntStream.range(0, Limits.SELECTION_VALUES)
                .mapToObj(i -> "k" + i)
                .toArray(String[]::new);
        assertThat(Selection.all().ofEntity("game", "k0", keys).entities().get("game"))
                .hasSize(500);
        assertThatThrownBy(() -> Selection.all().ofEntity("game", "one more", keys))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Selection.all().named("one more", keys)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_type_needs_names() {
        assertThatThrownBy(() -> EntityType.of("game", Set.of())).isInstanceOf(InvalidEvent.class);
        assertThatThrownBy(() -> EntityType.of("game", "a ")).isInstanceOf(InvalidEvent.class);
        assertThat(EntityType.of("game", "b", "a", "b").events()).containsExactly("a", "b");
    }
}
