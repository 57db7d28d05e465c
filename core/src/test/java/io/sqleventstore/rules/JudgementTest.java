package io.sqleventstore.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.AppendKeyReused;
import io.sqleventstore.Entity;
import io.sqleventstore.EventIdReused;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.UnregisteredEvent;
import io.sqleventstore.rules.Judgement.Evidence;
import io.sqleventstore.rules.Judgement.Refused;
import io.sqleventstore.rules.Judgement.Repeated;
import io.sqleventstore.rules.Judgement.Storable;
import io.sqleventstore.rules.Judgement.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JudgementTest {
    private static final Set<String> ALL = Set.of("e0", "e1", "e2");

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void DUP_4_the_key_decides_before_everything_else(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        List<StoredEvent> stored = samples.stored(append);
        Verdict verdict = Judgement.judge(
                append, new Evidence(movedOn(append), Map.of("game", Set.of()), Set.of(samples.id()), stored));
        assertThat(verdict).isInstanceOf(Repeated.class);
        assertThat(((Repeated) verdict).original().repeated()).isTrue();
        assertThat(((Repeated) verdict).original().heads())
                .isEqualTo(stored.stream().map(StoredEvent::head).toList());
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void DUP_2_a_key_with_other_content_names_the_original(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        List<StoredEvent> stored = samples.stored(append);
        Append other = Head.beforeFirst(Entity.of("game", "zzz"))
                .append(NewEvent.of("e0", "[]"))
                .withKey("key");
        Refused refused = refused(other, new Evidence(Map.of(), Map.of(), Set.of(), stored));
        AppendKeyReused reason = (AppendKeyReused) refused.reason();
        assertThat(reason.original().heads()).hasSameSizeAs(stored);
        assertThat(reason).hasMessageContaining(stored.get(0).id().toString());
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void REG_1_then_a_name_that_is_not_registered(int seed) {
        Append append = new Samples(seed).append();
        Refused refused =
                refused(append, new Evidence(movedOn(append), Map.of("game", Set.of("other")), Set.of(), List.of()));
        assertThat(refused.reason()).isInstanceOf(UnregisteredEvent.class);
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void ORD_2_then_a_head_that_has_moved_on(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        Map<Entity, Head> heads = new HashMap<>(agreed(append));
        Append.Part moved = append.parts().get(samples.below(append.parts().size()));
        heads.put(moved.entity(), next(moved.after()));
        StaleAppend stale = (StaleAppend) refused(append, new Evidence(heads, Map.of("game", ALL), Set.of(), List.of()))
                .reason();
        assertThat(stale.expected()).isEqualTo(moved.after());
        assertThat(stale.current()).isEqualTo(next(moved.after()));
    }

    @Test
    void ORD_2_where_a_head_is_said_to_be_does_not_count() {
        Head real = new Head(Entity.of("game", "a"), 3, new UUID(1, 1), 30);
        Append append = new Head(real.entity(), 3, real.eventId(), 77).append(NewEvent.of("e0", "{}"));
        Evidence evidence = new Evidence(Map.of(real.entity(), real), Map.of("game", ALL), Set.of(), List.of());
        assertThat(Judgement.judge(append, evidence)).isInstanceOf(Judgement.Storable.class);
    }

    @Test
    void ORD_3_a_head_with_another_events_id_is_stale() {
        Head real = new Head(Entity.of("game", "a"), 3, new UUID(1, 1), 30);
        Head forged = new Head(Entity.of("game", "a"), 3, new UUID(2, 2), 30);
        Append append = forged.append(NewEvent.of("e0", "{}"));
        Evidence evidence = new Evidence(Map.of(real.entity(), real), Map.of("game", ALL), Set.of(), List.of());
        assertThat(refused(append, evidence).reason()).isInstanceOf(StaleAppend.class);
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void DUP_2_then_an_id_that_is_taken_and_else_it_can_be_stored(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        UUID taken = samples.id();
        assertThat(refused(append, new Evidence(agreed(append), Map.of("game", ALL), Set.of(taken), List.of()))
                        .reason())
                .isInstanceOfSatisfying(
                        EventIdReused.class, reused -> assertThat(reused.id()).isEqualTo(taken));
        assertThat(Judgement.judge(append, new Evidence(agreed(append), Map.of("game", ALL), Set.of(), List.of())))
                .isInstanceOf(Storable.class);
    }

    private static Refused refused(Append append, Evidence evidence) {
        return (Refused) Judgement.judge(append, evidence);
    }

    private static Map<Entity, Head> agreed(Append append) {
        Map<Entity, Head> heads = new HashMap<>();
        append.parts().forEach(part -> heads.put(part.entity(), part.after()));
        return heads;
    }

    private static Map<Entity, Head> movedOn(Append append) {
        Map<Entity, Head> heads = new HashMap<>();
        append.parts().forEach(part -> heads.put(part.entity(), next(part.after())));
        return heads;
    }

    private static Head next(Head head) {
        return new Head(head.entity(), head.revision() + 1, new UUID(7, 7), head.position() + 1_000);
    }
}
