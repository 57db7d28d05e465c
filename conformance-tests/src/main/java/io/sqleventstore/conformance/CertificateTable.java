package io.sqleventstore.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The one table at the end of a build: each database, certified or not, why. Has no state. */
public final class CertificateTable {
    private static final String FOLDER = "target/conformance";
    private static final String KIND = ".txt";

    private CertificateTable() {}

    /**
     * The lines that the modules' runs have left.
     *
     * @param root the folder with the modules in it
     * @param began what is older is of another build, and does not count
     * @param databases that have a line in any case, in this order; others follow
     */
    static List<String> lines(Path root, Instant began, List<String> databases) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path folder : modules.map(module -> module.resolve(FOLDER)).toList()) {
                found.putAll(lines(folder, FileTime.from(began)));
            }
        }
        List<String> known = databases.stream()
                .map(name -> found.containsKey(name)
                        ? found.get(name)
                        : CertificateFiles.line(name, "NOT CERTIFIED", "the suite did not run on it in this build"))
                .toList();
        databases.forEach(found::remove);
        return Stream.concat(known.stream(), found.values().stream()).toList();
    }

    private static Map<String, String> lines(Path folder, FileTime began) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Map.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            Map<String, String> lines = new TreeMap<>();
            for (Path file : files.filter(it -> it.toString().endsWith(KIND)).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(began) >= 0) {
                    String name = file.getFileName().toString().replace(KIND, "");
                    lines.put(name, Files.readString(file).strip());
                }
            }
            return lines;
        }
    }

    /** Those of the names that no line says to be certified, each with what is wrong; empty if all of them are. */
    static List<String> lacking(List<String> required, List<String> lines) {
        return required.stream()
                .filter(name ->
                        lines.stream().noneMatch(line -> line.matches(Pattern.quote(name) + "\\s+CERTIFIED\\s.*")))
                .map(name -> lines.stream().anyMatch(line -> line.matches(Pattern.quote(name) + "\\s.*"))
                        ? name + " is not certified by this build"
                        : name + " is the name of no database")
                .toList();
    }

    private static List<String> names(String commas) {
        return Arrays.stream(commas.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /**
     * Prints the table.
     *
     * @param arguments the root; when the build began (ISO 8601); the databases, separated by commas; and those of them that this build has to
     *     have certified, which may be none
     * @throws IOException if a line can't be read
     * @throws IllegalStateException if one that is required is not certified by this build; the message says which
     */
    public static void main(String... arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> lines = lines(Path.of(arguments[0]), Instant.parse(arguments[1]), names(arguments[2]));
        out.println("==== Certified by this build ====");
        lines.forEach(out::println);
        List<String> lacking = lacking(names(arguments[3]), lines);
        if (!lacking.isEmpty()) {
            throw new IllegalStateException("certify.required: " + String.join(", ", lacking));
        }
    }
}
