package io.sqleventstore.lies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All lies, and what {@code docs/lying-stores.md} says of them. */
final class Lies {
    private static final Path DOCUMENT = Path.of("..", "docs", "lying-stores.md");

    private Lies() {}

    /** Every lie there is, in no order. */
    static List<Lie> all() {
        return Stream.of(LyingAppends.all(), LyingReplays.all(), LyingDatabases.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The lie of that name. */
    static Lie named(String name) {
        return all().stream()
                .filter(lie -> lie.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no lie '" + name + "'."));
    }

    /**
     * A line of the table of lies.
     *
     * @param lie the lie's name
     * @param on the database that it is tried on
     * @param clause the clause that has to catch it
     * @param test the test of that clause that catches it
     */
    record Line(String lie, String on, String clause, String test) {
        @Override
        public String toString() {
            return lie + " (" + clause + ")";
        }
    }

    /** The table of lies. */
    static List<Line> table() throws IOException {
        return rows("| Lie |").stream()
                .map(cells -> new Line(
                        cells.get(0), cells.get(2), cells.get(3), cells.get(4).replace("`", "")))
                .toList();
    }

    /** The chapters of the contract, each with the lie that only its tests catch. */
    static Map<String, String> onlyCaughtBy() throws IOException {
        Map<String, String> lies = new LinkedHashMap<>();
        rows("| Without |").forEach(cells -> lies.put(cells.get(0), cells.get(1)));
        return lies;
    }

    /** The cells of the table that begins like that, without its head. */
    private static List<List<String>> rows(String head) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.startsWith(head))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
