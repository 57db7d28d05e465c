package io.sqleventstore.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamenessTest {
    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void DUP_1_an_append_is_the_same_as_what_it_stored(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        assertThat(Sameness.same(append, samples.stored(append))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void DUP_2_metadata_ids_and_previous_event_do_not_count(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        List<StoredEvent> stored = samples.stored(append);
        List<Append.Part> moved = new ArrayList<>();
        for (Append.Part part : append.parts()) {
            Head later = new Head(part.entity(), part.after().revision() + 7, samples.id(), 9_999);
            moved.add(new Append.Part(
                    later,
                    part.events().stream()
                            .map(e -> e.withId(samples.id()).withMetadata("[1]"))
                            .toList()));
        }
        assertThat(Sameness.same(new Append("key", moved), stored)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void DUP_2_DUP_3_other_content_is_never_the_same(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        List<StoredEvent> stored = samples.stored(append);
        assertThat(Sameness.same(append, stored.subList(0, stored.size() - 1))).isFalse();
        List<StoredEvent> longer = new ArrayList<>(stored);
        longer.add(stored.get(0));
        assertThat(Sameness.same(append, longer)).isFalse();
        int at = samples.below(append.parts().size());
        assertThat(Sameness.same(change(append, at, e -> NewEvent.of(e.name() + "x", e.data())), stored))
                .isFalse();
        assertThat(Sameness.same(change(append, at, e -> NewEvent.of(e.name(), e.data() + " ")), stored))
                .isFalse();
        assertThat(Sameness.same(rename(append, at), stored)).isFalse();
    }

    private static Append change(Append append, int at, UnaryOperator<NewEvent> change) {
        List<Append.Part> parts = new ArrayList<>(append.parts());
        List<NewEvent> events = new ArrayList<>(parts.get(at).events());
        events.set(0, change.apply(events.get(0)));
        parts.set(at, new Append.Part(parts.get(at).after(), events));
        return new Append(append.key(), parts);
    }

    private static Append rename(Append append, int at) {
        List<Append.Part> parts = new ArrayList<>(append.parts());
        Entity other = Entity.of("game", parts.get(at).entity().key() + "'");
        parts.set(at, new Append.Part(Head.beforeFirst(other), parts.get(at).events()));
        return new Append(append.key(), parts);
    }
}
