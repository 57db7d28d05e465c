package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {
    @TempDir
    Path temporary;

    @Test
    void three_files_are_written_and_nothing_else() throws IOException {
        Path folder = temporary.resolve("target").resolve("conformance");

        CertificateFiles.write(SampleCertificates.certified(), folder);

        assertThat(folder)
                .isDirectoryContaining("glob:**/postgres.json")
                .isDirectoryContaining("glob:**/postgres.md")
                .isDirectoryContaining("glob:**/postgres.html");
        assertThat(files(folder)).hasSize(4);
    }

    @Test
    void a_later_run_replaces_what_an_earlier_one_wrote() throws IOException {
        Files.writeString(temporary.resolve("postgres.json"), "{} and much more than that".repeat(10_000));

        CertificateFiles.write(SampleCertificates.certified(), temporary);

        assertThat(temporary.resolve("postgres.json"))
                .content()
                .isEqualTo(CertificateJson.of(SampleCertificates.certified()));
        assertThat(files(temporary)).hasSize(4);
    }

    @Test
    void the_files_are_utf_8_whatever_a_failure_holds() throws IOException {
        CertificateFiles.write(SampleCertificates.odd(), temporary);

        // readString refuses what is not UTF-8
        assertThat(Files.readString(temporary.resolve("odd.json"))).contains("größer 🎉");
        assertThat(Files.readString(temporary.resolve("odd.md"))).contains("größer 🎉");
        assertThat(Files.readString(temporary.resolve("odd.html"))).contains("größer 🎉");
    }

    @Test
    void what_can_not_be_written_leaves_nothing_behind() throws IOException {
        Files.createDirectories(temporary.resolve("postgres.json").resolve("in the way"));

        assertThatIOException().isThrownBy(() -> CertificateFiles.write(SampleCertificates.certified(), temporary));

        assertThat(files(temporary)).containsExactly(temporary.resolve("postgres.json"));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
