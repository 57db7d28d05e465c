package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sqleventstore.conformance.Certificate.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CertificateJsonTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode SCHEMA = schema();

    @Test
    void a_certificate_says_what_was_certified() throws IOException {
        JsonNode json = JSON.readTree(CertificateJson.of(SampleCertificates.certified()));

        assertThat(json.at("/certified").isBoolean()).isTrue();
        assertThat(json.at("/certified").booleanValue()).isTrue();
        assertThat(json.at("/name").stringValue()).isEqualTo("postgres");
        assertThat(json.at("/reason").stringValue()).isEqualTo("all clauses were tested and kept");
        assertThat(json.at("/suite/version").stringValue()).isEqualTo("0.1.0");
        assertThat(json.at("/database/dialect").stringValue()).endsWith(".PostgresDialect");
        assertThat(json.at("/database/product").stringValue()).isEqualTo("PostgreSQL");
        assertThat(json.at("/database/version").stringValue()).startsWith("PostgreSQL 18.6 (Debian");
        assertThat(json.at("/driver/name").stringValue()).isEqualTo("PostgreSQL JDBC Driver");
        assertThat(json.at("/driver/version").stringValue()).isEqualTo("42.7.14");
        assertThat(json.at("/began").stringValue()).isEqualTo("2026-11-24T09:30:00Z");
        assertThat(json.at("/millis").longValue()).isEqualTo(194_300);
        assertThat(json.at("/settings").propertyNames())
                .containsExactly("isolation", "fsync", "synchronous_commit", "collation", "time zone");
    }

    @Test
    void each_clause_and_each_test_is_there_with_what_it_took() throws IOException {
        Certificate certificate = SampleCertificates.failed();
        JsonNode json = JSON.readTree(CertificateJson.of(certificate));

        assertThat(json.at("/certified").booleanValue()).isFalse();
        assertThat(json.at("/clauses")).hasSameSizeAs(certificate.clauses());
        Certificate.Clause clause = certificate.clauses().get(6);
        JsonNode written = json.at("/clauses/6");
        assertThat(written.at("/id").stringValue()).isEqualTo("ORD-4");
        assertThat(written.at("/promise").stringValue()).isEqualTo(clause.promise());
        assertThat(written.at("/tests").intValue()).isEqualTo(clause.tests());
        assertThat(written.at("/outcome").stringValue()).isEqualTo("failed");
        assertThat(written.at("/rounds").longValue()).isEqualTo(clause.rounds());
        assertThat(written.at("/millis").longValue()).isEqualTo(clause.time().toMillis());
        assertThat(json.at("/tests"))
                .hasSameSizeAs(certificate.tests())
                .extracting(test -> test.at("/outcome").stringValue())
                .contains("passed", "failed", "not run");
    }

    @Test
    void a_failure_keeps_its_text_and_a_passed_test_has_none() throws IOException {
        Certificate certificate = SampleCertificates.odd();
        JsonNode tests = JSON.readTree(CertificateJson.of(certificate)).at("/tests");

        for (int i = 0; i < tests.size(); i++) {
            Certificate.Test test = certificate.tests().get(i);
            assertThat(tests.get(i).get("name").stringValue()).isEqualTo(test.name());
            assertThat(tests.get(i).get("failure").isNull()).isEqualTo(test.outcome() == Outcome.PASSED);
            assertThat(tests.get(i).get("failure").stringValue(null)).isEqualTo(test.failure());
        }
    }

    @Test
    void without_a_server_database_and_driver_are_null() throws IOException {
        JsonNode json = JSON.readTree(CertificateJson.of(SampleCertificates.withoutServer()));

        assertThat(json.get("database").isNull()).isTrue();
        assertThat(json.get("driver").isNull()).isTrue();
        assertThat(json.get("tests")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void every_certificate_keeps_to_the_schema(Certificate certificate) {
        assertThat(complaints(CertificateJson.of(certificate))).isEmpty();
    }

    static Stream<Certificate> every_certificate_keeps_to_the_schema() throws IOException {
        return SampleCertificates.all().stream();
    }

    @ParameterizedTest
    @MethodSource
    void a_doctored_certificate_is_refused(Consumer<ObjectNode> doctor) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(CertificateJson.of(SampleCertificates.failed()));
        assertThat(complaints(json.toString())).isEmpty();

        doctor.accept(json);

        assertThat(complaints(json.toString())).isNotEmpty();
    }

    static Stream<Consumer<ObjectNode>> a_doctored_certificate_is_refused() {
        return Stream.of(
                json -> json.put("certified", true),
                json -> json.put("certified", "false"),
                json -> json.put("$schema", "urn:sql-event-store:certificate:2"),
                json -> json.put("began", "yesterday"),
                json -> json.put("began", "2026-11-24T09:30:00+01:00"),
                json -> json.put("millis", -1),
                json -> json.put("signature", "none"),
                json -> json.remove("driver"),
                json -> json.putNull("settings"),
                json -> ((ObjectNode) json.get("database")).put("edition", "free"),
                json -> ((ObjectNode) json.get("driver")).remove("version"),
                json -> ((ObjectNode) json.get("host")).put("processors", 2),
                json -> ((ObjectNode) json.at("/clauses/0")).put("id", "REG_1"),
                json -> ((ObjectNode) json.at("/clauses/0")).put("outcome", "skipped"),
                json -> ((ObjectNode) json.at("/clauses/0")).put("tests", 1.5),
                json -> ((ObjectNode) json.at("/tests/0"))
                        .put("outcome", "passed")
                        .put("failure", "but it failed"),
                json -> ((ObjectNode) json.at("/tests/0")).remove("failure"));
    }

    @ParameterizedTest
    @MethodSource
    void a_claim_without_evidence_is_refused(Consumer<ObjectNode> doctor) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(CertificateJson.of(SampleCertificates.certified()));
        assertThat(json.get("certified").booleanValue()).isTrue();

        doctor.accept(json);

        assertThat(complaints(json.toString())).isNotEmpty();
    }

    static Stream<Consumer<ObjectNode>> a_claim_without_evidence_is_refused() {
        return Stream.of(
                json -> json.putNull("database"),
                json -> json.putNull("driver"),
                json -> json.putArray("tests"),
                json -> json.putArray("clauses"),
                json -> ((ObjectNode) json.at("/clauses/0")).put("outcome", "not run"),
                json -> ((ObjectNode) json.at("/tests/0")).put("outcome", "failed"));
    }

    @Test
    void the_schema_is_a_schema() {
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(meta.validate(SCHEMA.toString(), InputFormat.JSON)).isEmpty();
        assertThat(SCHEMA.get("$id").stringValue()).isEqualTo(CertificateJson.SCHEMA);
    }

    @Test
    void the_schema_describes_every_field_and_allows_no_other() {
        List<JsonNode> objects =
                all(SCHEMA).filter(it -> it.has("properties") && it.has("type")).toList();
        assertThat(objects).hasSize(6);
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.get("additionalProperties").isBoolean()).isTrue();
            assertThat(object.get("additionalProperties").booleanValue()).isFalse();
            assertThat(object.get("properties").propertyStream())
                    .allSatisfy(field -> assertThat(
                                    field.getValue().path("description").stringValue(""))
                            .as(field.getKey())
                            .isNotBlank());
            assertThat(object.get("required"))
                    .hasSameSizeAs(object.get("properties").propertyNames());
        });
    }

    private static Stream<JsonNode> all(JsonNode node) {
        return Stream.concat(Stream.of(node), node.valueStream().flatMap(CertificateJsonTest::all));
    }

    static List<?> complaints(String json) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA)
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    private static JsonNode schema() {
        InputStream schema = CertificateJson.class.getResourceAsStream("certificate.schema.json");
        return JSON.readTree(schema);
    }
}
