package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.conformance.Certification;
import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine does for databases that can do less, by the clauses that depend on it; nobody's database, so it gets no certificate. */
class PlainDialectTest {
    private static Fixture plain() {
        return new PostgresFixture(new PlainDialect()) {
            @Override
            protected boolean generatorIsExact() {
                return false;
            }
        };
    }

    @Test
    void theChaptersOfAppendingPass() throws Exception {
        try (TestDatabase database = PostgresConformanceTest.anyServer()) {
            Certificate certificate = new Certification(plain(), database.jdbcUrl(new PostgresFixture()))
                    .only(test -> test.getName().matches("(DUP|ATM|ORD|ERR)_.*"))
                    .run();
            List<Certificate.Test> ran = certificate.tests().stream()
                    .filter(test -> test.outcome() != Outcome.NOT_RUN)
                    .toList();
            assertThat(ran)
                    .hasSizeGreaterThan(60)
                    .allSatisfy(test -> assertThat(test.outcome())
                            .as("%s: %s", test.name(), test.failure())
                            .isEqualTo(Outcome.PASSED));
        }
    }
}
