package io.sqleventstore.lies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.lies.Lies.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each chapter of the suite is needed: without it a lie gets through that no other chapter sees. */
class ChaptersTest extends LiesTest {
    /** Writers in processes of their own, which open an honest store by the name of its dialect. */
    private static final String OF_OTHER_PROCESSES =
            "TAIL_1_what_writers_in_four_processes_store_reaches_every_consumer_once_and_in_order";

    static List<Arguments> chapters() throws IOException {
        return Lies.onlyCaughtBy().entrySet().stream()
                .map(chapter -> Arguments.of(chapter.getKey(), chapter.getValue()))
                .toList();
    }

    @Test
    void everyChapterOfTheContractHasALieThatOneOfItsClausesCatches() throws IOException {
        List<String> chapters = Pattern.compile("^## ([A-Z]+): ", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "docs", "contract.md")))
                .results()
                .map(heading -> heading.group(1))
                .toList();
        assertThat(chapters).hasSizeGreaterThanOrEqualTo(10);
        assertThat(Lies.onlyCaughtBy()).containsOnlyKeys(chapters);
        List<Line> table = Lies.table();
        Lies.onlyCaughtBy()
                .forEach((chapter, lie) -> assertThat(table)
                        .filteredOn(line -> line.lie().equals(lie))
                        .singleElement()
                        .satisfies(line -> assertThat(line.clause()).startsWith(chapter + "-")));
    }

    @ParameterizedTest(name = "without {0}: {1}")
    @MethodSource("chapters")
    void withoutAChapterALieGetsThrough(String chapter, String lie) {
        Certificate certificate = databases.certify(
                Lies.named(lie),
                test -> !carries(chapter, test) && isAffordable(test) && !test.equals(OF_OTHER_PROCESSES));
        assertThat(Databases.run(certificate))
                .hasSizeGreaterThan(80)
                .allSatisfy(test -> assertThat(test.outcome())
                        .as("%s: %s", test.name(), test.failure())
                        .isEqualTo(Outcome.PASSED));
    }

    private static boolean carries(String chapter, String test) {
        return test.startsWith(chapter + "_") || test.contains("_" + chapter + "_");
    }

    private static boolean isAffordable(String test) {
        return Boolean.getBoolean("lies.exhaustive") || !Slow.TESTS.contains(test);
    }
}
