package io.sqleventstore.lies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.conformance.Certificate;
import io.sqleventstore.conformance.Certificate.Outcome;
import io.sqleventstore.lies.Lies.Line;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table in {@code docs/lying-stores.md}, line by line. */
class LyingStoresTest extends LiesTest {
    static List<Line> table() throws IOException {
        return Lies.table();
    }

    @Test
    void everyLieHasALineAndEveryLineALie() throws IOException {
        assertThat(table()).hasSizeGreaterThanOrEqualTo(15);
        assertThat(table())
                .extracting(Line::lie)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        Lies.all().stream().map(Lie::name).toList());
        assertThat(table()).allSatisfy(line -> {
            assertThat(line.on()).isEqualTo(Lies.named(line.lie()).on().product());
            assertThat(line.test()).contains(line.clause().replace('-', '_') + "_");
        });
    }

    /** Tests that a lie lets pass, one of them at least: it is honest otherwise. */
    private static final Set<String> CONTROLS = Set.of(
            "ORD_1_the_first_event_has_no_previous_event",
            "RPL_1_an_entity_without_events_has_an_empty_history",
            "REG_1_an_event_that_is_not_registered_for_its_entity_is_refused_and_nothing_is_stored");

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void theClauseThatIsNamedForALieCatchesIt(Line line) {
        Certificate certificate =
                databases.certify(Lies.named(line.lie()), test -> test.equals(line.test()) || CONTROLS.contains(test));
        assertThat(Databases.run(certificate))
                .filteredOn(
                        test -> CONTROLS.contains(test.name()) && !test.name().equals(line.test()))
                .as("a store that does nothing right is caught by anything")
                .extracting(Certificate.Test::outcome)
                .contains(Outcome.PASSED);
        assertThat(Databases.run(certificate))
                .filteredOn(test -> test.name().equals(line.test()))
                .extracting(Certificate.Test::outcome)
                .containsExactly(Outcome.FAILED);
        assertThat(certificate.clauses())
                .filteredOn(clause -> clause.outcome() == Outcome.FAILED)
                .extracting(Certificate.Clause::id)
                .contains(line.clause());
        assertThat(certificate.certified()).isFalse();
    }

    /** Else a test that always fails would seem to catch everything. */
    @ParameterizedTest
    @EnumSource
    void anHonestStorePassesTheSameTests(On database) throws IOException {
        Set<String> tests = table().stream()
                .filter(line -> Lies.named(line.lie()).on() == database)
                .map(Line::test)
                .collect(Collectors.toSet());
        Certificate certificate = databases.certify(Lie.on(database, "no lie"), tests::contains);
        assertThat(Databases.run(certificate))
                .allSatisfy(test -> assertThat(test.outcome())
                        .as("%s: %s", test.name(), test.failure())
                        .isEqualTo(Outcome.PASSED))
                .extracting(Certificate.Test::name)
                .containsExactlyInAnyOrderElementsOf(tests);
    }

    @Test
    void aConnectionThatIsKeptCountsAgainstTheStoreEvenIfNoTestLooksForIt() {
        Certificate certificate = databases.certify(
                Lies.named("connection kept after a refusal"), "ORD_2_a_made_up_head_is_refused"::equals);
        assertThat(Databases.run(certificate))
                .filteredOn(test -> test.outcome() == Outcome.FAILED)
                .singleElement()
                .satisfies(test -> assertThat(test.clauses()).containsExactly("ERR-3"))
                .satisfies(test -> assertThat(test.failure()).contains("connections that were not given back"));
        assertThat(Databases.run(certificate)).hasSize(2);
    }
}
