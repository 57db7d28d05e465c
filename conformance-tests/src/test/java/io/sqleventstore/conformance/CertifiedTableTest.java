package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What README says is certified is what the certificates in {@code docs/certificates} say, or what our own build requires, so that nobody can claim
 * it by hand. A certificate
 * is a file that a run of the suite wrote, {@code <name>.json} or {@code <name>-<version>.json}, with the Markdown beside it.
 */
class CertifiedTableTest {
    private static final int CLAUSES_AT_FIRST = 34;
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path CERTIFICATES = ROOT.resolve("docs/certificates");
    private static final String BY_EVERY_BUILD = "by every build";
    private static final String NOT_YET = "not yet certified: ";

    /** The dialects' names, by how a row of the table begins. */
    private static final Map<String, String> ROWS = rows();

    private static Map<String, String> rows() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("SQLite", "sqlite");
        rows.put("PostgreSQL", "postgres");
        rows.put("MySQL", "mysql");
        rows.put("MariaDB", "mariadb");
        rows.put("SQL Server", "sqlserver");
        rows.put("Oracle", "oracle");
        return rows;
    }

    /** A row of the table. */
    private record Row(String database, String artifact, String certified) {}

    @Test
    void the_readme_claims_what_the_certificates_say_and_nothing_else() throws IOException {
        List<Row> rows = table();
        assertThat(rows).extracting(Row::database).isNotEmpty();
        List<String> required = required();
        for (Row row : rows) {
            if (row.artifact().isEmpty()) {
                assertThat(row.certified()).as(row.database()).startsWith("not yet");
            } else if (!row.certified().startsWith(BY_EVERY_BUILD) || !required.containsAll(names(row))) {
                String claim = claim(names(row));
                assertThat(row.certified())
                        .as("README's row of " + row.database())
                        .startsWith(claim.isEmpty() ? NOT_YET : claim);
            }
        }
    }

    /** The databases without whose certificate our own build fails, so that "by every build" is no claim by hand. */
    private static List<String> required() throws IOException {
        return Files.readAllLines(ROOT.resolve(".ci/run")).stream()
                .filter(line -> line.startsWith("required="))
                .flatMap(line -> Stream.of(line.substring("required=".length()).split(",")))
                .toList();
    }

    @Test
    void every_certificate_has_a_row_and_was_written_by_the_suite() throws IOException {
        List<String> rows = table().stream()
                .filter(row -> !row.artifact().isEmpty())
                .flatMap(row -> names(row).stream())
                .toList();
        for (Path file : certificates()) {
            JsonNode it = read(file);
            String name = it.get("name").stringValue();
            assertThat(rows).as(file.toString()).contains(name);
            assertThat(file.getFileName().toString()).matches(name + "(-[\\w.-]+)?\\.json");
            assertThat(markdown(file)).as("the certificate for people").exists();
            assertThat(it.get("certified").booleanValue()).isEqualTo(allPassed(it));
            isCertificate(file, it);
        }
    }

    /** As the schema says, by a dialect of ours, with the server's own word on what matters for the promises. */
    private static void isCertificate(Path file, JsonNode it) throws IOException {
        assertThat(CertificateJsonTest.complaints(Files.readString(file)))
                .as(file.toString())
                .isEmpty();
        assertThat(it.get("database").get("dialect").stringValue()).startsWith("io.sqleventstore.");
        for (String setting : List.of("isolation", "durability", "collation", "time zone")) {
            assertThat(it.get("settings").propertyStream())
                    .as("%s: %s", file, setting)
                    .anyMatch(known -> known.getKey().startsWith(setting)
                            && !known.getValue().stringValue().matches("(not answered|not asked).*|"));
        }
    }

    @Test
    void the_example_of_a_dialect_has_its_certificate() throws IOException {
        Path file = ROOT.resolve("examples/dialect-h2/certificate/h2.json");
        assertThat(CertificateJsonTest.complaints(Files.readString(file))).isEmpty();
        assertThat(read(file).get("certified").booleanValue()).isTrue();
        assertThat(allPassed(read(file))).isTrue();
        assertThat(markdown(file)).exists();
    }

    /** A certificate speaks of the contract as it was when it was made; README says what has come since. */
    @Test
    void what_a_certificate_lacks_is_said_beside_the_table() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<Path> all = new ArrayList<>(certificates());
        all.add(ROOT.resolve("examples/dialect-h2/certificate/h2.json"));
        for (Path file : all) {
            List<String> since = new ArrayList<>(Contract.PROMISES.keySet());
            since.removeAll(clauses(read(file)));
            if (!since.isEmpty()) {
                assertThat(readme).as(file.toString()).contains("made before " + String.join(", ", since));
            }
        }
    }

    private static List<String> clauses(JsonNode it) {
        return it.get("clauses")
                .valueStream()
                .map(clause -> clause.get("id").stringValue())
                .toList();
    }

    /** Every clause of the contract as it then was, and every test. */
    private static boolean allPassed(JsonNode it) {
        boolean tests = it.get("tests")
                .valueStream()
                .allMatch(test -> test.get("outcome").stringValue().equals("passed"));
        boolean clauses = it.get("clauses")
                .valueStream()
                .allMatch(clause -> clause.get("outcome").stringValue().equals("passed"));
        return tests && clauses && it.get("tests").size() > 100 && clauses(it).size() >= CLAUSES_AT_FIRST;
    }

    private static String claim(List<String> names) throws IOException {
        return certificates().stream()
                .filter(file -> names.stream().anyMatch(name -> isOf(name, file)))
                .map(CertifiedTableTest::claim)
                .collect(Collectors.joining("; "));
    }

    private static boolean isOf(String name, Path file) {
        JsonNode it = read(file);
        return it.get("name").stringValue().equals(name) && it.get("certified").booleanValue();
    }

    private static String claim(Path file) {
        JsonNode it = read(file);
        String product = it.get("database").get("product").stringValue();
        String version = it.get("database")
                .get("version")
                .stringValue()
                .split("[,(\\n]", 2)[0]
                .strip();
        String server = version.startsWith(product) ? version : product + " " + version;
        String day = it.get("began").stringValue().substring(0, 10);
        return "[%s](docs/certificates/%s), %s".formatted(server, markdown(file).getFileName(), day);
    }

    private static Path markdown(Path json) {
        return json.resolveSibling(json.getFileName().toString().replaceFirst("\\.json$", ".md"));
    }

    /** Of all databases that the row is about, such as MySQL and MariaDB. */
    private static List<String> names(Row row) {
        List<String> names = ROWS.entrySet().stream()
                .filter(known -> row.database().matches("(.*, )?" + known.getKey() + "\\b.*"))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(names).as("what this test knows of " + row.database()).isNotEmpty();
        return names;
    }

    @Test
    void a_row_of_two_databases_claims_something_of_both() throws IOException {
        assertThat(names(new Row("MySQL 8 to 9, MariaDB 10 to 11", "", ""))).containsExactly("mysql", "mariadb");
        assertThat(table()).flatMap(CertifiedTableTest::names).containsExactlyInAnyOrderElementsOf(ROWS.values());
    }

    private static List<Path> certificates() throws IOException {
        try (Stream<Path> all = Files.list(CERTIFICATES)) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode read(Path file) {
        return new ObjectMapper().readTree(file.toFile());
    }

    /** The rows below the header whose last column is "Certified". */
    private static List<Row> table() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("README.md"));
        int header = lines.indexOf("| Database | Artifact (`io.sqleventstore:`) | Certified |");
        assertThat(header).as("the table in README").isNotNegative();
        return lines.stream()
                .skip(header + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1))
                .map(cells -> new Row(cells[1].strip(), cells[2].strip(), cells[3].strip()))
                .toList();
    }
}
