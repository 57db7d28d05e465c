package io.sqleventstore.conformance;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A certificate as Markdown, to be pasted into a pull request. */
final class CertificateMarkdown {
    private static final Pattern BACKTICKS = Pattern.compile("`+");
    private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_\\[\\]<>#|~&]");

    private final StringBuilder text = new StringBuilder();

    private CertificateMarkdown() {}

    static String of(Certificate certificate) {
        CertificateMarkdown page = new CertificateMarkdown();
        page.verdict(certificate);
        page.list("Settings", certificate.settings());
        page.list("Host", certificate.host());
        page.clauses(certificate.clauses());
        page.failures(certificate.tests());
        return page.text.toString();
    }

    private void verdict(Certificate it) {
        line("# %s: %s".formatted(escaped(Wording.title(it)), Wording.verdict(it)));
        line("");
        line(escaped(it.reason()));
        line("");
        Certificate.Database database = it.database();
        if (database == null) {
            line("- Database: no server was reached");
        } else {
            line("- Database: %s, %s".formatted(code(database.product()), code(database.version())));
            Certificate.Driver driver = database.driver();
            line("- Driver: %s, %s".formatted(code(driver.name()), code(driver.version())));
            line("- Dialect: %s".formatted(code(database.dialect())));
        }
        line("- Suite: SQL Event Store %s".formatted(code(it.suite().version())));
        line("- Began: %s, took %s".formatted(it.began(), Wording.time(it.time())));
    }

    private void list(String title, Map<String, String> facts) {
        if (!facts.isEmpty()) {
            heading(title);
            facts.forEach((name, value) -> line("- %s: %s".formatted(escaped(name), code(value))));
        }
    }

    private void clauses(List<Certificate.Clause> clauses) {
        heading("Clauses");
        line("| Clause | Promise | Tests | Rounds | Time | Outcome |");
        line("|---|---|--:|--:|--:|---|");
        for (Certificate.Clause it : clauses) {
            line("| %s | %s | %s | %s | %s | %s |"
                    .formatted(
                            it.id(),
                            // Markdown already, being taken from the contract
                            oneLine(it.promise()).replace("|", "\\|"),
                            Wording.count(it.tests()),
                            Wording.count(it.rounds()),
                            Wording.time(it.time()),
                            emphasised(it.outcome())));
        }
    }

    private static String emphasised(Certificate.Outcome outcome) {
        String word = Wording.outcome(outcome);
        return outcome == Certificate.Outcome.PASSED ? word : "**" + word + "**";
    }

    private void failures(List<Certificate.Test> tests) {
        List<Certificate.Test> wrong = tests.stream()
                .filter(test -> test.outcome() != Certificate.Outcome.PASSED)
                .toList();
        if (!wrong.isEmpty()) {
            heading("Failures");
            line("%s did not pass.".formatted(Wording.count(wrong.size(), "test")));
            wrong.forEach(this::failure);
        }
    }

    private void failure(Certificate.Test it) {
        line("");
        line("### %s: %s".formatted(code(it.name()), Wording.outcome(it.outcome())));
        String failure = it.failure();
        if (failure != null) {
            String fence = "`".repeat(Math.max(3, longestRunOfBackticks(failure) + 1));
            line("");
            line("%stext".formatted(fence));
            line(Wording.visible(failure).stripTrailing());
            line(fence);
        }
    }

    private void heading(String title) {
        line("");
        line("## %s".formatted(title));
        line("");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Foreign text in a line of ours. */
    private static String escaped(String foreign) {
        return SPECIAL.matcher(oneLine(foreign)).replaceAll("\\\\$0");
    }

    /** Foreign text as it is: nobody is mentioned and nothing linked by it. */
    private static String code(String foreign) {
        String line = oneLine(foreign);
        if (line.isEmpty()) {
            return "(empty)";
        }
        String fence = "`".repeat(longestRunOfBackticks(line) + 1);
        String space = line.startsWith("`") || line.endsWith("`") ? " " : "";
        return fence + space + line + space + fence;
    }

    private static String oneLine(String foreign) {
        return Wording.visible(foreign).replaceAll("\\s+", " ").strip();
    }

    private static int longestRunOfBackticks(String foreign) {
        return BACKTICKS
                .matcher(foreign)
                .results()
                .map(MatchResult::group)
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }
}
