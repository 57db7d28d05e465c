package io.sqleventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TailOptionsTest {
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void a_pause_may_be_as_long_as_time_is_counted() {
        TailOptions options =
                TailOptions.defaults().withPauses(FOR_EVER, FOR_EVER).withGrace(FOR_EVER);
        assertThat(options.longestPause()).isEqualTo(FOR_EVER);
        assertThat(TailOptions.defaults().withPauses(MOMENT, MOMENT).shortestPause())
                .isEqualTo(MOMENT);
    }

    @Test
    void pauses_that_are_none_or_in_the_wrong_order_are_refused() {
        TailOptions options = TailOptions.defaults();
        assertRefused(() -> options.withPauses(Duration.ofNanos(999_999), MOMENT));
        assertRefused(() -> options.withPauses(Duration.ofSeconds(Long.MIN_VALUE), MOMENT));
        assertRefused(() -> options.withPauses(FOR_EVER, MOMENT));
        assertRefused(() -> options.withGrace(Duration.ofNanos(-1)));
    }

    private static void assertRefused(Runnable options) {
        assertThatThrownBy(options::run).isExactlyInstanceOf(IllegalArgumentException.class);
    }
}
