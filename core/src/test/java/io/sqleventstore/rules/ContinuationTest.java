package io.sqleventstore.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.Append;
import io.sqleventstore.Entity;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContinuationTest {
    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void ORD_1_ORD_2_ORD_5_rows_continue_each_head_without_a_hole(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        Map<Entity, Head> reached = new HashMap<>();
        append.parts().forEach(part -> reached.put(part.entity(), part.after()));
        int index = 0;
        for (LedgerRow row : Continuation.rows(append, samples::id)) {
            Head before = reached.get(row.entity());
            assertThat(row.revision()).isEqualTo(before.revision() + 1);
            assertThat(row.previousId()).isEqualTo(before.eventId());
            assertThat(row.priorRevision()).isEqualTo(before.isBeforeFirst() ? null : before.revision());
            assertThat(row.appendIndex()).isEqualTo(index++);
            assertThat(row.appendKey()).isEqualTo(append.key());
            reached.put(row.entity(), row.headAt(1_000 + index));
        }
        assertThat(index).isEqualTo(append.size());
    }

    @Test
    void chosen_ids_are_kept_and_the_others_made() {
        UUID chosen = new UUID(1, 2);
        UUID made = new UUID(3, 4);
        Append append = Head.beforeFirst(Entity.of("game", "a"))
                .append(NewEvent.of("x", "{}").withId(chosen), NewEvent.of("y", "{}"));
        assertThat(Continuation.rows(append, () -> made))
                .extracting(LedgerRow::id)
                .containsExactly(chosen, made);
    }

    @ParameterizedTest
    @MethodSource("io.sqleventstore.rules.Samples#seeds")
    void ORD_5_ascending_positions_above_every_head_can_stand_and_no_others(int seed) {
        Samples samples = new Samples(seed);
        Append append = samples.append();
        List<Long> good = LongStream.range(100, 100 + append.size()).boxed().toList();
        assertThat(Continuation.ascends(append, good)).isTrue();
        assertThat(Continuation.ascends(append, good.subList(1, good.size()))).isFalse();

        List<Long> doubled = new ArrayList<>(good);
        doubled.add(0, good.get(0));
        assertThat(Continuation.ascends(append, doubled.subList(0, good.size())))
                .isEqualTo(good.size() == 1);

        long highestHead = append.parts().stream()
                .mapToLong(part -> part.after().position())
                .max()
                .orElse(0);
        if (append.parts().size() == 1) {
            List<Long> low = LongStream.range(highestHead, highestHead + append.size())
                    .boxed()
                    .toList();
            assertThat(Continuation.ascends(append, low)).isFalse();
        }
    }
}
