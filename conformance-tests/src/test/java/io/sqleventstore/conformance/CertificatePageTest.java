package io.sqleventstore.conformance;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CertificatePageTest {
    @ParameterizedTest
    @MethodSource("all")
    void a_page_is_well_formed(Certificate certificate) {
        Parser parser = Parser.htmlParser().setTrackErrors(100);
        Document page = parser.parseInput(CertificatePage.of(certificate), "");

        assertThat(parser.getErrors()).isEmpty();
        assertThat(page.select("html[lang=en] > head > title").text()).isNotBlank();
        assertThat(page.select("h1")).hasSize(1);
        assertThat(page.select("[id]").eachAttr("id")).doesNotHaveDuplicates();
    }

    @Test
    void what_is_not_well_formed_would_be_seen() {
        Parser parser = Parser.htmlParser().setTrackErrors(100);
        parser.parseInput("<!DOCTYPE html><html><body><p>1 < 2</b></body></html>", "");
        assertThat(parser.getErrors()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_page_needs_nothing_but_itself(Certificate certificate) {
        Document page = page(certificate);

        assertThat(page.select("script, iframe, object, embed, img, link[rel=stylesheet]"))
                .isEmpty();
        assertThat(page.select("[src]")).isEmpty();
        assertThat(page.select("[href]").eachAttr("href"))
                .allMatch(href -> href.startsWith("#") || href.equals("data:,"));
        assertThat(page.select("style").html()).doesNotContain("url(", "@import");
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .startsWith("default-src 'none';");
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_link_leads_somewhere(Certificate certificate) {
        Document page = page(certificate);
        assertThat(page.select("a").eachAttr("href"))
                .isNotEmpty()
                .allSatisfy(href ->
                        assertThat(page.getElementById(href.substring(1))).isNotNull());
    }

    static Stream<Certificate> all() throws IOException {
        return SampleCertificates.all().stream();
    }

    @Test
    void the_verdict_and_the_database_are_at_the_top() throws IOException {
        Document page = page(SampleCertificates.certified());

        assertThat(page.title()).isEqualTo("PostgreSQL 18.6: certified by SQL Event Store");
        assertThat(page.select("header .verdict strong").text()).isEqualTo("CERTIFIED");
        assertThat(page.select("header .verdict p > span").text()).isEqualTo("all clauses were tested and kept");
        assertThat(page.select("header h1").text()).isEqualTo("PostgreSQL 18.6");
        assertThat(page.select("header .answer").text()).startsWith("PostgreSQL 18.6 (Debian 18.6-1.pgdg12+1)");
        assertThat(page.select(".figures dd").eachText())
                .startsWith(String.valueOf(Contract.PROMISES.size()))
                .endsWith("3 min 14 s");
        assertThat(page.select("details[open], .wrong, .failed, .not-run")).isEmpty();
    }

    @Test
    void the_chapters_are_those_of_the_contract() throws IOException {
        Map<String, String> headings = Pattern.compile("^## ([A-Z]+): (.+)$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "docs", "contract.md")))
                .results()
                .collect(toMap(heading -> heading.group(1), heading -> heading.group(2)));
        assertThat(CertificatePage.CHAPTERS).isEqualTo(headings);

        assertThat(page(SampleCertificates.certified()).select("#clauses ~ h3").eachText())
                .hasSize(10)
                .startsWith("REG: registry", "ORD: order")
                .contains("TAIL: following the ledger");
    }

    @Test
    void a_clause_shows_its_tests() throws IOException {
        Certificate certificate = SampleCertificates.certified();
        Element clause = page(certificate).getElementById("REG-2");

        assertThat(clause.select("summary > b").text()).isEqualTo("REG-2");
        assertThat(clause.select("summary > .outcome").text()).isEqualTo("passed");
        assertThat(clause.select("summary > .promise").text()).startsWith("Registering is idempotent");
        assertThat(clause.select("summary > .measure").text()).matches("\\d+ tests [\\d,]+ rounds [\\d.]+ s");
        assertThat(clause.select("li .name").eachText()).contains("registering is idempotent and adds up");
    }

    @Test
    void what_failed_is_open_and_in_full_and_said_in_words() throws IOException {
        Document page = page(SampleCertificates.failed());

        assertThat(page.select("header .verdict strong").text()).isEqualTo("NOT CERTIFIED");
        assertThat(page.title()).isEqualTo("Microsoft SQL Server 2022: not certified by SQL Event Store");
        assertThat(page.select("details[open]").eachAttr("id"))
                .contains("ORD-4", "TAIL-1")
                .doesNotContain("DUP-5", "REG-1");
        assertThat(page.select(".wrong a").eachText()).contains("ORD-4", "TAIL-1", "DUP-5");
        assertThat(page.getElementById("DUP-5").select("summary > .outcome").text())
                .isEqualTo("not run");
        assertThat(page.select("#ORD-4 pre").first().wholeText())
                .startsWith("org.opentest4j.AssertionFailedError")
                .contains("\n but was: 2 ");
        assertThat(page.select("#ORD-4 li.failed > code").first().text()).startsWith("ORD_4_");
        assertThat(page.select(".square.failed").first().attr("aria-label")).isEqualTo("ORD-4: failed");
    }

    @Test
    void foreign_text_is_no_markup() throws IOException {
        Document page = page(SampleCertificates.odd());

        assertThat(page.select("header .answer").first().wholeText()).isEqualTo(SampleCertificates.ODD_VERSION);
        assertThat(page.select("header .verdict p > span").text()).isEqualTo("it's <odd> & \"broken\"");
        assertThat(page.select("#ORD-4 pre").first().text()).contains("<script>alert(\"x\")</script> & 'so on'");
        assertThat(page.select(".facts dd").eachText())
                .contains("Odd & \"Base\"", "<b>driver</b> 1|2", "com.example.Odd<Dialect>");
        assertThat(CertificatePage.of(SampleCertificates.odd()))
                .doesNotContain("\u001b")
                .doesNotContain("\ud800");
    }

    @Test
    void a_test_of_no_clause_is_not_lost() throws IOException {
        Certificate it = SampleCertificates.certified();
        Certificate.Test stray = new Certificate.Test(
                "prepare", List.of(), Certificate.Outcome.FAILED, 0, Duration.ofMillis(3), "the schema can't be made");
        Document page = page(new Certificate(
                it.name(),
                it.reason(),
                it.suite(),
                it.database(),
                it.settings(),
                it.host(),
                it.began(),
                it.time(),
                it.clauses(),
                List.of(stray)));

        assertThat(page.select("header .verdict strong").text()).isEqualTo("NOT CERTIFIED");
        assertThat(page.select(".strays").text()).contains("failed", "prepare", "3 ms", "the schema can't be made");
    }

    @Test
    void without_a_server_the_dialect_is_named() throws IOException {
        Document page = page(SampleCertificates.withoutServer());

        assertThat(page.select("header h1").text()).isEqualTo("oracle");
        assertThat(page.select("header .verdict").text()).contains("NOT CERTIFIED", "no server was reached");
        assertThat(page.select(".facts h3").eachText()).containsExactly("Suite", "Host");
        assertThat(page.select("details .none")).hasSameSizeAs(Contract.PROMISES.keySet());
    }

    private static Document page(Certificate certificate) {
        return Parser.htmlParser().parseInput(CertificatePage.of(certificate), "");
    }
}
