package io.sqleventstore.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateTableTest {
    private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path root;

    private void leave(String module, String name, String text, Instant when) throws Exception {
        Path folder = Files.createDirectories(root.resolve(module).resolve("target/conformance"));
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(when));
    }

    @Test
    void eachDatabaseHasOneLineAndWhatIsOfAnEarlierBuildDoesNotCount() throws Exception {
        Files.createDirectories(root.resolve("core"));
        leave("adapter-b", "b.txt", "b  CERTIFIED  all\n", BEGAN);
        leave("adapter-b", "b.json", "{}", BEGAN);
        leave("adapter-b", "c.txt", "c  CERTIFIED  long ago\n", BEGAN.minusSeconds(1));
        leave("adapter-x", "x.txt", "x  NOT CERTIFIED  why\n", BEGAN.plusSeconds(9));

        assertThat(CertificateTable.lines(root, BEGAN, List.of("a", "b", "c")))
                .containsExactly(
                        "a           NOT CERTIFIED  the suite did not run on it in this build",
                        "b  CERTIFIED  all",
                        "c           NOT CERTIFIED  the suite did not run on it in this build",
                        "x  NOT CERTIFIED  why");
    }

    @Test
    void whatIsRequiredHasToBeCertifiedByThisBuild() throws Exception {
        leave("adapter-a", "a.txt", "a  CERTIFIED  all\n", BEGAN);
        leave("adapter-b", "b.txt", "b  NOT CERTIFIED  CERTIFIED is nothing\n", BEGAN);
        leave("adapter-c", "c.txt", "c  CERTIFIED  long ago\n", BEGAN.minusSeconds(1));

        CertificateTable.main(root.toString(), BEGAN.toString(), "a, b, c", "");
        CertificateTable.main(root.toString(), BEGAN.toString(), "a, b, c", " a ");
        assertThatIllegalStateException()
                .isThrownBy(() -> CertificateTable.main(root.toString(), BEGAN.toString(), "a, b, c", "a,b, c,aa"))
                .withMessage("certify.required: b is not certified by this build, c is not certified by this build,"
                        + " aa is the name of no database");
    }
}
