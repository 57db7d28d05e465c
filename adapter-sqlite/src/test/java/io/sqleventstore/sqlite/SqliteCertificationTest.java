package io.sqleventstore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.conformance.Certification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite without a test class, on a part of it. */
class SqliteCertificationTest {
    @Test
    void oneTestOfEachClauseIsNotEnough(@TempDir Path folder) {
        Certificate certificate = new Certification(new SqliteFixture(), "jdbc:sqlite:" + folder.resolve("x.db"))
                .only(test -> test.getName().startsWith("IMM_1_delete_"))
                .run();

        assertThat(certificate.tests())
                .filteredOn(test -> test.outcome() == Outcome.PASSED)
                .hasSize(1);
        assertThat(certificate.clauses()).noneMatch(clause -> clause.outcome() == Outcome.PASSED);
    }

    @Test
    void aServerOfAnotherProductIsNotCertified(@TempDir Path folder) throws Exception {
        SqliteFixture other = new SqliteFixture() {
            @Override
            protected boolean isProduct(String version) {
                return false;
            }
        };
        Certificate certificate = new Certification(other, "jdbc:sqlite:" + folder.resolve("x.db"))
                .only(test -> test.getName().startsWith("IMM_1_delete_"))
                .run();

        assertThat(certificate.certified()).isFalse();
        assertThat(certificate.reason()).contains("for which io.sqleventstore.sqlite.SqliteDialect is not made");
        assertThat(certificate.tests()).noneMatch(test -> test.outcome() == Outcome.PASSED);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRunOfOneChapterTellsWhatItFoundCertifiesNothingAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("precious.db");
        Files.writeString(file, "not ours to touch");
        Certificate certificate = new Certification(new SqliteFixture(), "jdbc:sqlite:" + file)
                .only(test -> test.getName().startsWith("IMM_"))
                .run();

        assertThat(certificate.certified()).isFalse();
        assertThat(certificate.reason()).contains("not tested: REG-1");
        assertThat(certificate.clauses())
                .filteredOn(clause -> clause.outcome() == Outcome.PASSED)
                .extracting(Certificate.Clause::id)
                .containsExactly("IMM-1");
        assertThat(certificate.tests())
                .hasSizeGreaterThan(150)
                .allMatch(test ->
                        test.outcome() == (test.clauses().contains("IMM-1") ? Outcome.PASSED : Outcome.NOT_RUN));
        assertThat(certificate.database())
                .satisfies(database -> assertThat(database.product()).isEqualTo("SQLite"))
                .satisfies(database -> assertThat(database.version()).startsWith("3."));
        assertThat(certificate.settings()).containsEntry("journal_mode", "wal");
        assertThat(file).hasContent("not ours to touch");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }
}
