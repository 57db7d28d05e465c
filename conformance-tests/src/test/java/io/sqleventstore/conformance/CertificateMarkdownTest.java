package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CertificateMarkdownTest {
    @Test
    void a_certified_database_is_named_with_all_that_was_found_out() throws IOException {
        assertThat(CertificateMarkdown.of(SampleCertificates.certified()))
                .startsWith("""
                        # PostgreSQL 18.6: CERTIFIED

                        all clauses were tested and kept

                        - Database: `PostgreSQL`, `PostgreSQL 18.6 (Debian 18.6-1.pgdg12+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit`
                        - Driver: `PostgreSQL JDBC Driver`, `42.7.14`
                        - Dialect: `io.sqleventstore.postgres.PostgresDialect`
                        - Suite: SQL Event Store `0.1.0`
                        - Began: 2026-11-24T09:30:00Z, took 3 min 14 s

                        ## Settings

                        - isolation: `read committed`
                        """)
                .contains("\n## Host\n\n- java: `17.0.15+6 (Debian)`\n")
                .doesNotContain("## Failures");
    }

    @Test
    void every_clause_has_a_row_of_six_cells() throws IOException {
        Certificate certificate = SampleCertificates.failed();
        Certificate.Clause odd = new Certificate.Clause(
                "ORD-4", "a|b\r\nc `d|e`", Certificate.Outcome.FAILED, 1, 2_000, Duration.ofMillis(1_500));
        List<String> rows = rows(CertificateMarkdown.of(new Certificate(
                certificate.name(),
                certificate.reason(),
                certificate.suite(),
                certificate.database(),
                certificate.settings(),
                certificate.host(),
                certificate.began(),
                certificate.time(),
                List.of(odd, certificate.clauses().get(0)),
                List.of())));

        assertThat(rows)
                .hasSize(4)
                .allMatch(row -> row.split("(?<!\\\\)\\|", -1).length == 8)
                .contains("| ORD-4 | a\\|b c `d\\|e` | 1 | 2,000 | 1.5 s | **failed** |");
        assertThat(rows(CertificateMarkdown.of(certificate)))
                .hasSize(2 + certificate.clauses().size())
                .anyMatch(row -> row.startsWith("| DUP-5 |") && row.endsWith("| 0 | 0 s | **not run** |"));
    }

    private static List<String> rows(String markdown) {
        return Pattern.compile("\n## Clauses\n\n((?:\\|.*\n)+)")
                .matcher(markdown)
                .results()
                .flatMap(table -> table.group(1).lines())
                .toList();
    }

    @Test
    void failures_are_there_in_full_and_can_not_leave_their_fence() throws IOException {
        String markdown = CertificateMarkdown.of(SampleCertificates.failed());

        assertThat(markdown)
                .contains("""
                        ````text
                        org.opentest4j.AssertionFailedError: [winners of round 17] <script>alert("x")</script> & 'so on' | ``` | größer 🎉
                        expected: 1
                         but was: 2 \ufffd[31mred\ufffd[0m \ufffd
                        \tat io.sqleventstore.conformance.OrderChapter.race(OrderChapter.java:112)
                        ````
                        """)
                .containsPattern("\n### `ORD_4_[a-zA-Z_0-9]+`: failed\n")
                .containsPattern("\n### `DUP_5_[a-zA-Z_0-9]+`: not run\n");
    }

    @Test
    void foreign_text_is_no_markup() throws IOException {
        assertThat(CertificateMarkdown.of(SampleCertificates.odd()))
                .startsWith("# Odd Base 1.2: NOT CERTIFIED\n\nit's \\<odd\\> \\& \"broken\"\n")
                .contains("- Database: `Odd & \"Base\"`, ``Odd Base 1.2 <script>alert('pwned')</script> "
                        + "\"quoted\" & 'single' | `tick` *star* </title>``\n");
    }

    @Test
    void without_a_server_it_says_so() throws IOException {
        assertThat(CertificateMarkdown.of(SampleCertificates.withoutServer()))
                .startsWith(
                        "# oracle: NOT CERTIFIED\n\nno server was reached: neither TEST\\_ORACLE\\_URL nor Docker\n")
                .contains("\n- Database: no server was reached\n- Suite:")
                .doesNotContain("Driver", "## Settings");
    }
}
