package io.sqleventstore.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.sqleventstore.conformance.Certificate.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** A certificate as one HTML page that needs nothing but itself: no script, no font, no picture from elsewhere. */
final class CertificatePage {
    /** The chapters of {@code docs/contract.md}. */
    static final Map<String, String> CHAPTERS = Map.of(
            "REG", "registry",
            "ORD", "order",
            "DUP", "deduplication",
            "IMM", "immutability",
            "RPL", "replay",
            "TAIL", "following the ledger",
            "ATM", "atomicity",
            "FID", "fidelity",
            "ERR", "errors",
            "SEC", "security");

    private static final String STYLE = resource("certificate.css");
    private static final String SYMBOLS = resource("certificate.svg");

    private static final Pattern NUMBERS = Pattern.compile("^([A-Z]{3,4}_\\d+_)+");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern EMPHASIS = Pattern.compile("\\*+([^*]+)\\*+");

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Certificate certificate;
    private final StringBuilder html = new StringBuilder();

    private CertificatePage(Certificate certificate) {
        this.certificate = certificate;
    }

    static String of(Certificate certificate) {
        return new CertificatePage(certificate).render();
    }

    private String render() {
        Map<String, List<Certificate.Clause>> chapters = certificate.clauses().stream()
                .collect(groupingBy(CertificatePage::chapter, LinkedHashMap::new, toList()));
        head();
        verdict();
        figures();
        glance(chapters);
        wrong();
        facts();
        add("<section aria-labelledby=\"clauses\">\n<h2 id=\"clauses\">The clauses and their tests</h2>\n");
        chapters.forEach(this::chapter);
        strays();
        add("</section>\n");
        foot();
        return html.toString();
    }

    private void head() {
        add("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <title>%s: %s by SQL Event Store</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
                <link rel="icon" href="data:,">
                <style>
                %s</style>
                </head>
                <body class="%s">
                %s<main>
                """.formatted(
                        escaped(Wording.title(certificate)),
                        certificate.certified() ? "certified" : "not certified",
                        STYLE,
                        certificate.certified() ? "certified" : "refused",
                        SYMBOLS));
    }

    private void verdict() {
        Certificate.Database database = certificate.database();
        add("""
                <header>
                <p class="kind">SQL Event Store &middot; certificate of conformance</p>
                <div class="verdict">
                %s
                <p><strong>%s</strong> <span>%s</span></p>
                </div>
                <h1>%s</h1>
                %s
                </header>
                """.formatted(
                        symbol(certificate.certified() ? Outcome.PASSED : Outcome.FAILED),
                        Wording.verdict(certificate),
                        escaped(certificate.reason()),
                        escaped(Wording.title(certificate)),
                        database == null ? "" : answer(database)));
    }

    private static String answer(Certificate.Database database) {
        return "<p class=\"words\">In the server's own words:</p>\n<p class=\"answer\">%s</p>"
                .formatted(escaped(database.version()));
    }

    private void figures() {
        List<Certificate.Clause> clauses = certificate.clauses();
        List<Certificate.Test> tests = certificate.tests();
        long kept =
                clauses.stream().filter(it -> it.outcome() == Outcome.PASSED).count();
        long passed =
                tests.stream().filter(it -> it.outcome() == Outcome.PASSED).count();
        long rounds = tests.stream().mapToLong(Certificate.Test::rounds).sum();
        add("<dl class=\"figures\">\n");
        figure("clauses kept", of(kept, clauses.size()));
        figure("tests passed", of(passed, tests.size()));
        figure("rounds of races and trials", Wording.count(rounds));
        figure("from beginning to end", Wording.time(certificate.time()));
        add("</dl>\n");
    }

    private static String of(long some, int all) {
        return some == all ? Wording.count(all) : "%s of %s".formatted(Wording.count(some), Wording.count(all));
    }

    private void figure(String what, String number) {
        add("<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(what, escaped(number)));
    }

    /** Every clause as a small square, which leads to it. */
    private void glance(Map<String, List<Certificate.Clause>> chapters) {
        add("<nav aria-label=\"The contract at a glance\">\n<ul class=\"glance\">\n");
        chapters.forEach((chapter, clauses) -> add("<li><span>%s</span> %s</li>\n"
                .formatted(
                        escaped(title(chapter)),
                        clauses.stream().map(this::square).collect(joining(" ")))));
        add("</ul>\n</nav>\n");
    }

    private String square(Certificate.Clause it) {
        return "<a class=\"square %s\" href=\"#%s\" aria-label=\"%s: %s\">%s%s</a>"
                .formatted(
                        style(it.outcome()),
                        escaped(it.id()),
                        escaped(it.id()),
                        Wording.outcome(it.outcome()),
                        symbol(it.outcome()),
                        escaped(it.id().substring(it.id().indexOf('-') + 1)));
    }

    private void wrong() {
        List<Certificate.Clause> clauses = certificate.clauses().stream()
                .filter(it -> it.outcome() != Outcome.PASSED)
                .toList();
        if (clauses.isEmpty() || clauses.size() == certificate.clauses().size()) {
            return;
        }
        add("<section class=\"wrong\" aria-labelledby=\"wrong\">\n");
        add("<h2 id=\"wrong\">What stands against it</h2>\n<ul>\n");
        clauses.forEach(it -> add("<li>%s <a href=\"#%s\">%s</a> <strong>%s</strong>: %s</li>\n"
                .formatted(
                        symbol(it.outcome()),
                        escaped(it.id()),
                        escaped(it.id()),
                        Wording.outcome(it.outcome()),
                        promise(it.promise()))));
        add("</ul>\n</section>\n");
    }

    private void facts() {
        add("<section aria-labelledby=\"facts\">\n<h2 id=\"facts\">What was tested, and where</h2>\n");
        add("<div class=\"facts\">\n");
        facts("Database", database());
        facts("Suite", suite());
        facts("Settings of the server", certificate.settings());
        facts("Host", certificate.host());
        add("</div>\n</section>\n");
    }

    private Map<String, String> database() {
        Map<String, String> facts = new LinkedHashMap<>();
        Certificate.Database database = certificate.database();
        if (database != null) {
            facts.put("product, by its driver", database.product());
            facts.put(
                    "driver", database.driver().name() + " " + database.driver().version());
            facts.put("dialect", database.dialect());
        }
        return facts;
    }

    private Map<String, String> suite() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", certificate.suite().version());
        facts.put("began", MINUTE.format(certificate.began()));
        return facts;
    }

    private void facts(String title, Map<String, String> facts) {
        if (facts.isEmpty()) {
            return;
        }
        add("<div>\n<h3>%s</h3>\n<dl>\n".formatted(title));
        facts.forEach((name, value) -> add("<dt>%s</dt><dd>%s</dd>\n".formatted(escaped(name), escaped(value))));
        add("</dl>\n</div>\n");
    }

    private void chapter(String chapter, List<Certificate.Clause> clauses) {
        add("<h3>%s</h3>\n".formatted(escaped(title(chapter))));
        clauses.forEach(this::clause);
    }

    private void clause(Certificate.Clause it) {
        List<Certificate.Test> tests = certificate.tests().stream()
                .filter(test -> test.clauses().contains(it.id()))
                .toList();
        add("""
                <details id="%s" class="%s"%s>
                <summary>%s <b>%s</b> <span class="promise">%s</span> <span class="measure">%s</span></summary>
                """.formatted(
                        escaped(it.id()),
                        style(it.outcome()),
                        it.outcome() == Outcome.FAILED ? " open" : "",
                        outcome(it.outcome()),
                        escaped(it.id()),
                        promise(it.promise()),
                        measure(it.tests(), it.rounds(), it.time())));
        tests(tests, it.id());
        add("</details>\n");
    }

    /** What failed outside the clauses, such as what prepares them, must not go unseen. */
    private void strays() {
        Set<String> ids =
                certificate.clauses().stream().map(Certificate.Clause::id).collect(toSet());
        List<Certificate.Test> strays = certificate.tests().stream()
                .filter(test -> test.clauses().stream().noneMatch(ids::contains))
                .toList();
        if (!strays.isEmpty()) {
            add("<h3>Tests of no clause</h3>\n<div class=\"strays\">\n");
            tests(strays, "");
            add("</div>\n");
        }
    }

    private void tests(List<Certificate.Test> tests, String clause) {
        if (tests.isEmpty()) {
            add("<p class=\"none\">No test ran.</p>\n");
            return;
        }
        add("<ul class=\"tests\">\n");
        tests.forEach(it -> test(it, clause));
        add("</ul>\n");
    }

    private void test(Certificate.Test it, String clause) {
        add("<li class=\"%s\">%s <span class=\"name\">%s%s</span> <span class=\"measure\">%s</span>"
                .formatted(
                        style(it.outcome()),
                        outcome(it.outcome()),
                        escaped(sentence(it.name())),
                        it.clauses().stream()
                                .filter(other -> !other.equals(clause))
                                .map(CertificatePage::escaped)
                                .map(other -> " <a href=\"#%s\">%s</a>".formatted(other, other))
                                .collect(joining()),
                        measure(0, it.rounds(), it.time())));
        failure(it);
        add("</li>\n");
    }

    private void failure(Certificate.Test it) {
        if (it.outcome() != Outcome.PASSED) {
            add("<code>%s</code>".formatted(escaped(it.name())));
        }
        String failure = it.failure();
        if (failure != null) {
            // a line break right after <pre> would be swallowed, were it the failure's own
            add("<pre tabindex=\"0\">\n%s</pre>".formatted(escaped(failure)));
        }
    }

    private void foot() {
        add("""
                <footer>
                <p>A database is certified only if every clause of the contract was tested on it and every test passed.
                The same findings for programs are in <code>%s.json</code>, for a pull request in <code>%s.md</code>.</p>
                </footer>
                </main>
                </body>
                </html>
                """.formatted(escaped(certificate.name()), escaped(certificate.name())));
    }

    private void add(String part) {
        html.append(part);
    }

    private static String chapter(Certificate.Clause clause) {
        return clause.id().replaceFirst("-.*", "");
    }

    private static String title(String chapter) {
        String title = CHAPTERS.get(chapter);
        return title == null ? chapter : chapter + ": " + title;
    }

    private static String sentence(String test) {
        return NUMBERS.matcher(test).replaceFirst("").replace('_', ' ');
    }

    private static String measure(int tests, long rounds, Duration time) {
        return "<span>%s</span> <span>%s</span> <span>%s</span>"
                .formatted(
                        tests == 0 ? "" : Wording.count(tests, "test"),
                        rounds == 0 ? "" : Wording.count(rounds, "round"),
                        time.isZero() ? "" : escaped(Wording.time(time)));
    }

    private static String outcome(Outcome outcome) {
        return "<span class=\"outcome\">%s<span>%s</span></span>".formatted(symbol(outcome), Wording.outcome(outcome));
    }

    private static String symbol(Outcome outcome) {
        return "<svg class=\"%s\" aria-hidden=\"true\"><use href=\"#is-%s\"/></svg>"
                .formatted(style(outcome), style(outcome));
    }

    private static String style(Outcome outcome) {
        return Wording.outcome(outcome).replace(' ', '-');
    }

    /** A promise is our own text, with the contract's Markdown in it. */
    private static String promise(String promise) {
        String coded = CODE.matcher(escaped(promise)).replaceAll("<code>$1</code>");
        return EMPHASIS.matcher(coded).replaceAll("<em>$1</em>");
    }

    private static String escaped(String foreign) {
        return Wording.visible(foreign)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream stream = CertificatePage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
