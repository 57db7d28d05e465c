package io.sqleventstore.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The clauses of {@code docs/contract.md}, which is the only statement of them and is packed with the suite. */
final class Contract {
    /** The clauses' numbers, such as {@code ORD-4}, with what each promises first, in their order. */
    static final Map<String, String> PROMISES = Collections.unmodifiableMap(read());

    private static final Pattern NUMBER = Pattern.compile("([A-Z]{3,4})_(\\d+)_");

    private Contract() {}

    /** The numbers that a test's name begins with, such as {@code ORD_4_ORD_5_one_of_many_wins}. */
    static List<String> clausesOf(String test) {
        return NUMBER.matcher(test)
                .results()
                .map(number -> number.group(1) + "-" + number.group(2))
                .distinct()
                .toList();
    }

    /** The names of all tests of the suite, sorted. */
    static Stream<String> tests() {
        return Stream.<Class<?>>iterate(EventStoreConformance.class, Objects::nonNull, Class::getSuperclass)
                .flatMap(chapter -> Arrays.stream(chapter.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .sorted();
    }

    private static Map<String, String> read() {
        String firstSentence = "((?:\\([^)\\n]*\\)|[^(.:\\n]|[.:](?!\\s|$))+[.:])"; // whatever is in its parentheses
        Pattern clause =
                Pattern.compile("^- \\*\\*([A-Z]+-\\d+)\\*\\* " + firstSentence + "(\\s|$)", Pattern.MULTILINE);
        return clause.matcher(text())
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1),
                        found -> found.group(2).replaceAll(":$", ".").replace("`", ""),
                        (one, other) -> {
                            throw new IllegalStateException("a clause is there twice: " + one);
                        },
                        LinkedHashMap::new));
    }

    private static String text() {
        try (InputStream file = Contract.class.getResourceAsStream("contract.md")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
