package io.sqleventstore.conformance;

import static java.util.stream.Collectors.toSet;

import io.sqleventstore.conformance.Certificate.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Certificates to try things on: with the real contract and the real tests' names, and results that are made up. */
final class SampleCertificates {
    static final String FAILURE = """
            org.opentest4j.AssertionFailedError: [winners of round 17] <script>alert("x")</script> & 'so on' | ``` | größer 🎉
            expected: 1
             but was: 2 \u001b[31mred\u001b[0m \ud800
            \tat io.sqleventstore.conformance.OrderChapter.race(OrderChapter.java:112)
            """;

    static final String ODD_VERSION =
            "Odd Base 1.2\n\t<script>alert('pwned')</script> \"quoted\" & 'single' | `tick` *star* </title>";

    private static final Pattern CLAUSE =
            Pattern.compile("^- \\*\\*([A-Z]+-\\d+)\\*\\* (.*?\\.)(?: |$)", Pattern.MULTILINE);
    private static final Pattern NUMBER = Pattern.compile("[A-Z]{3,4}_\\d+");

    private SampleCertificates() {}

    /** Writes them all into a folder, to be looked at in a browser. */
    public static void main(String[] folder) throws IOException {
        for (Certificate it : all()) {
            CertificateFiles.write(it, Path.of(folder[0]));
        }
    }

    static List<Certificate> all() throws IOException {
        return List.of(certified(), failed(), withoutServer(), odd());
    }

    static Certificate of(String product, String version) throws IOException {
        Certificate.Driver driver = new Certificate.Driver("driver", "1");
        return certificate("of", "", new Certificate.Database("Dialect", product, version, driver), Set.of(), Set.of());
    }

    static Certificate certified() throws IOException {
        Certificate.Database database = new Certificate.Database(
                "io.sqleventstore.postgres.PostgresDialect",
                "PostgreSQL",
                "PostgreSQL 18.6 (Debian 18.6-1.pgdg12+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit",
                new Certificate.Driver("PostgreSQL JDBC Driver", "42.7.14"));
        return certificate("postgres", "all clauses were tested and kept", database, Set.of(), Set.of());
    }

    static Certificate failed() throws IOException {
        Certificate.Database database = new Certificate.Database(
                "com.example.YakDialect",
                "Microsoft SQL Server",
                "Microsoft SQL Server 2022 (RTM-CU15) (KB5041321) - 16.0.4145.4 (X64)\n\tAug 29 2024 18:02:22\n\tDeveloper Edition (64-bit) on Linux (Ubuntu 22.04.5 LTS) <X64>",
                new Certificate.Driver("Microsoft JDBC Driver 13.2 for SQL Server", "13.2.1.0"));
        return certificate(
                "sqlserver",
                "3 clauses are broken, 1 was not tested",
                database,
                Set.of("ORD_4", "TAIL_1"),
                Set.of("DUP_5"));
    }

    static Certificate odd() throws IOException {
        Certificate.Database database = new Certificate.Database(
                "com.example.Odd<Dialect>",
                "Odd & \"Base\"",
                ODD_VERSION,
                new Certificate.Driver("<b>driver</b>", "1|2"));
        return certificate("odd", "it's <odd> & \"broken\"", database, Set.of("ORD_4"), Set.of());
    }

    static Certificate withoutServer() throws IOException {
        List<Certificate.Clause> clauses = clauses(List.of());
        return new Certificate(
                "oracle",
                "no server was reached: neither TEST_ORACLE_URL nor Docker",
                new Certificate.Suite("0.1.0"),
                null,
                Map.of(),
                host(),
                Instant.parse("2026-11-24T09:30:00Z"),
                Duration.ofMillis(412),
                clauses,
                List.of());
    }

    private static Certificate certificate(
            String name, String reason, Certificate.Database database, Set<String> broken, Set<String> skipped)
            throws IOException {
        List<Certificate.Test> tests = tests(broken, skipped);
        return new Certificate(
                name,
                reason,
                new Certificate.Suite("0.1.0"),
                database,
                settings(),
                host(),
                Instant.parse("2026-11-24T09:30:00Z"),
                Duration.ofMillis(194_300),
                clauses(tests),
                tests);
    }

    private static Map<String, String> settings() {
        return facts(
                "isolation", "read committed",
                "fsync", "on",
                "synchronous_commit", "on",
                "collation", "en_US.UTF-8",
                "time zone", "Pacific/Chatham");
    }

    private static Map<String, String> host() {
        return facts(
                "java", "17.0.15+6 (Debian)",
                "operating system", "Linux 6.1.0-28-amd64, amd64",
                "processors", "2",
                "time zone", "Europe/Vienna",
                "locale", "en_GB");
    }

    private static Map<String, String> facts(String... facts) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < facts.length; i += 2) {
            map.put(facts[i], facts[i + 1]);
        }
        return map;
    }

    private static List<Certificate.Test> tests(Set<String> broken, Set<String> skipped) {
        List<Certificate.Test> tests = new ArrayList<>();
        for (Class<?> it = EventStoreConformance.class; it != Object.class; it = it.getSuperclass()) {
            Arrays.stream(it.getDeclaredMethods())
                    .map(method -> method.getName())
                    .filter(method -> NUMBER.matcher(method).lookingAt())
                    .sorted()
                    .forEach(method -> tests.add(test(method, broken, skipped)));
        }
        return tests;
    }

    private static Certificate.Test test(String name, Set<String> broken, Set<String> skipped) {
        Set<String> numbers =
                NUMBER.matcher(name).results().map(MatchResult::group).collect(toSet());
        Outcome outcome = numbers.stream().anyMatch(broken::contains) && name.length() % 2 == 0
                ? Outcome.FAILED
                : numbers.stream().anyMatch(skipped::contains) ? Outcome.NOT_RUN : Outcome.PASSED;
        return new Certificate.Test(
                name,
                numbers.stream()
                        .sorted()
                        .map(number -> number.replace('_', '-'))
                        .toList(),
                outcome,
                outcome == Outcome.NOT_RUN || name.length() % 3 > 0 ? 0 : name.length() * 7L,
                outcome == Outcome.NOT_RUN
                        ? Duration.ZERO
                        : Duration.ofMillis((long) Math.pow(name.length() / 7.0, 3.7)),
                outcome == Outcome.FAILED ? FAILURE : null);
    }

    private static List<Certificate.Clause> clauses(List<Certificate.Test> tests) throws IOException {
        String contract = Files.readString(Path.of("..", "docs", "contract.md"));
        return CLAUSE.matcher(contract)
                .results()
                .map(clause -> clause(clause.group(1), clause.group(2), tests))
                .toList();
    }

    private static Certificate.Clause clause(String id, String promise, List<Certificate.Test> all) {
        List<Certificate.Test> tests =
                all.stream().filter(test -> test.clauses().contains(id)).toList();
        Set<Outcome> outcomes = tests.stream().map(Certificate.Test::outcome).collect(toSet());
        return new Certificate.Clause(
                id,
                promise,
                outcomes.contains(Outcome.FAILED)
                        ? Outcome.FAILED
                        : outcomes.contains(Outcome.PASSED) ? Outcome.PASSED : Outcome.NOT_RUN,
                tests.size(),
                tests.stream().mapToLong(Certificate.Test::rounds).sum(),
                tests.stream().map(Certificate.Test::time).reduce(Duration.ZERO, Duration::plus));
    }
}
