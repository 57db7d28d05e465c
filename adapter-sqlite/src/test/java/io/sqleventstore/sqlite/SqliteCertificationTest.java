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
        assertThat(certificate.tests()).hasSizeGreaterThan(2).allMatch(test -> test.outcome() == Outcome.PASSED);
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
