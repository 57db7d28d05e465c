package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PartsTest {
    @Test
    void every_dialect_has_floors() {
        assertThat(Dialects.all()).extracting(Server::of).doesNotContainNull().hasSameSizeAs(Server.values());
        for (Dialect dialect : Dialects.all()) {
            String byRules = new HandSql(dialect, Subject.FLOOR_A, "s").insert(2);
            String bare = new HandSql(dialect, Subject.FLOOR_B, "s").insert(2);

            assertThat(byRules).startsWith("INSERT INTO s.hand_event_ledger (").doesNotContain("{");
            assertThat(bare).startsWith("INSERT INTO s.bare (").doesNotContain("{", "RETURNING");
            assertThat(bare.chars().filter(each -> each == '?')).as(bare).hasSize(22);
        }
    }

    @Test
    void a_median_is_in_the_middle() {
        assertThat(Figures.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Figures(2, 1, 9));
        assertThat(Figures.of(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(new Figures(3, 1, 9));
    }

    @Test
    void what_a_thread_allocates_is_counted_and_nothing_else() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Allocation allocation = new Allocation();
            byte[] its = other.submit(() -> new byte[50_000_000]).get();
            byte[] own = new byte[10_000_000];

            assertThat(allocation.bytes().orElseThrow()).isBetween((long) own.length, (long) its.length);
        } finally {
            other.shutdown();
        }
    }

    @Test
    void the_first_is_chosen_twice_as_often_as_the_second() {
        Zipf zipf = new Zipf(1_000);
        SplittableRandom random = new SplittableRandom(1);
        int[] chosen = new int[1_000];
        for (int i = 0; i < 100_000; i++) {
            chosen[zipf.next(random)]++;
        }
        assertThat(chosen[0] / (double) chosen[1]).isBetween(1.8, 2.2);
    }

    @Test
    void the_same_seed_chooses_the_same() {
        Settings settings = settings(List.of(1), 1, 1, 100, 1);

        assertThat(settings.random(3, 4).nextLong())
                .isEqualTo(settings.random(3, 4).nextLong());
        assertThat(settings.random(3, 4).nextLong())
                .isNotEqualTo(settings.random(4, 3).nextLong());
    }

    @Test
    void what_cannot_be_measured_is_refused_by_the_name_of_its_option() {
        assertRefused("--threads", () -> settings(List.of(0), 1, 1, 100, 0));
        assertRefused("--seconds", () -> settings(List.of(1), 0, 1, 100, 0));
        assertRefused("--rounds", () -> settings(List.of(1), 1, 0, 100, 0));
        assertRefused("--events", () -> settings(List.of(1), 1, 1, 105, 0));
        assertRefused("--appends-per-commit", () -> settings(List.of(1), 1, 1, 100, 65));
        assertRefused("no workload 'x'; there are one-writer", () -> Workload.named("x"));
    }

    private static Settings settings(
            List<Integer> threads, double seconds, int rounds, int events, int appendsPerCommit) {
        return new Settings(
                List.of("one-writer"), threads, seconds, rounds, 1, events, 1, appendsPerCommit, 0, true, 1);
    }

    private interface Asked {
        Object given();
    }

    private static void assertRefused(String why, Asked asked) {
        assertThatThrownBy(asked::given).isInstanceOf(Refusal.class).hasMessageContaining(why);
    }
}
