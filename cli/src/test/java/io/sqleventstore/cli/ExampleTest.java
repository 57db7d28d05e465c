package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much the example dialect is, which the tutorial says: counted. */
class ExampleTest {
    private static final Path EXAMPLE = Path.of("..", "examples", "dialect-h2");

    private static String row(String what, String folder, String kind) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(EXAMPLE.resolve(folder))) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(kind))
                    .toList();
        }
        long lines = 0;
        for (Path file : files) {
            lines += Files.readAllLines(file).size();
        }
        return "| %s | %d | %d |".formatted(what, files.size(), lines);
    }

    @Test
    void theTutorialSaysHowManyFilesAndLinesItHas() throws IOException {
        assertThat(Files.readAllLines(Path.of("..", "docs", "add-a-dialect.md")))
                .contains(
                        row("the dialect and three triggers, Java", "src/main/java", ".java"),
                        row("its statements, SQL", "src/main/resources", ".sql"),
                        row("the test and its fixture, Java", "src/test/java", ".java"));
    }
}
