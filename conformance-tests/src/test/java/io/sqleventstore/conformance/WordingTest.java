package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.0004S, < 1 ms",
        "PT0.35S, 350 ms",
        "PT1.25S, 1.3 s",
        "PT59.949S, 59.9 s",
        "PT59.96S, 1 min 0 s",
        "PT2M5.4S, 2 min 5 s",
        "PT59M59.6S, 1 h 0 min",
        "PT26H3M, 26 h 3 min",
    })
    void times_are_in_units_that_people_use(Duration time, String words) {
        assertThat(Wording.time(time)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SQLite; 3.54.1; SQLite 3.54.1",
                "MySQL; 9.1.0; MySQL 9.1.0",
                "MariaDB; 11.8.2-MariaDB-ubu2404; MariaDB 11.8.2-MariaDB-ubu2404",
                "PostgreSQL; PostgreSQL 17.2 on x86_64-pc-linux-musl, compiled by gcc; PostgreSQL 17.2",
                "PostgreSQL; CockroachDB CCL v23.1.0 (x86_64-pc-linux-gnu, built 2023); CockroachDB CCL v23.1.0",
                "PostgreSQL; PostgreSQL 11.2-YB-2.18.0.0-b0 on x86_64; PostgreSQL 11.2-YB-2.18.0.0-b0",
                "Oracle; Oracle AI Database 26ai Free Release 23.26.0.0.0 - Develop, Learn; Oracle AI Database 26ai Free Release 23.26.0.0.0",
                "Base; ''; Base",
            })
    void a_compatible_product_does_not_pass_for_another(String product, String version, String title)
            throws IOException {
        assertThat(Wording.title(SampleCertificates.of(product, version))).isEqualTo(title);
    }

    @Test
    void counts_have_the_number_of_their_noun() {
        assertThat(Wording.count(1, "test")).isEqualTo("1 test");
        assertThat(Wording.count(12_345, "round")).isEqualTo("12,345 rounds");
    }

    @Test
    void what_can_not_be_shown_is_replaced() {
        assertThat(Wording.visible("a\r\n\tb\u0000\u001b[0m\ud800 🎉\uffff"))
                .isEqualTo("a\n\tb\ufffd\ufffd[0m\ufffd 🎉\ufffd");
    }
}
