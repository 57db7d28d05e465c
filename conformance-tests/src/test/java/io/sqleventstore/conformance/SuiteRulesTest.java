package io.sqleventstore.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class SuiteRulesTest {
    private static final JavaClasses SUITE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sqleventstore.conformance");

    @Test
    void nothing_in_the_suite_can_skip() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.junit.jupiter.api.Assumptions")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.assertj.core.api.Assumptions")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.junit.jupiter.api.Disabled")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.junit.jupiter.api.condition..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.opentest4j.TestAbortedException")
                .check(SUITE.that(are(describe(
                        "not the report of a missing database", type -> !type.isEquivalentTo(Certifier.class)))));
    }

    @Test
    void every_test_is_final_and_named_after_its_clauses() {
        Pattern name = Pattern.compile("([A-Z]{3,4}_\\d+_)+[a-zA-Z].*");
        methods()
                .that(are(describe("tests", SuiteRulesTest::isTest)))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .andShould()
                .bePackagePrivate()
                .andShould()
                .haveNameMatching(name.pattern())
                .check(SUITE);
    }

    /** Also one that the certificate would not miss if it did not run: it counts tests without parameters. */
    private static boolean isTest(JavaMethod method) {
        return method.isAnnotatedWith(Test.class);
    }

    @Test
    void no_test_has_parameters() {
        noMethods().should().beAnnotatedWith(ParameterizedTest.class).check(SUITE);
    }

    @Test
    void the_certificate_asks_for_every_clause_of_the_contract() throws IOException {
        String contract = Files.readString(Path.of("..", "docs", "contract.md"));
        List<String> numbered = Pattern.compile("^- \\*\\*([A-Z]+-\\d+)\\*\\*", Pattern.MULTILINE)
                .matcher(contract)
                .results()
                .map(clause -> clause.group(1))
                .toList();
        assertThat(numbered).doesNotHaveDuplicates().hasSizeGreaterThan(30);
        assertThat(Contract.PROMISES.keySet()).containsExactlyElementsOf(numbered);
        assertThat(Contract.PROMISES.values())
                .as("whole sentences")
                .allSatisfy(promise -> assertThat(
                                promise.chars().filter(it -> it == '(').count())
                        .isEqualTo(promise.chars().filter(it -> it == ')').count()));
    }

    @Test
    void every_clause_of_the_contract_has_a_test() {
        TreeSet<String> tested = new TreeSet<>();
        for (Class<?> chapter = EventStoreConformance.class;
                chapter != Object.class;
                chapter = chapter.getSuperclass()) {
            Arrays.stream(chapter.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .forEach(method -> tested.addAll(Contract.clausesOf(method.getName())));
        }
        assertThat(tested).containsExactlyInAnyOrderElementsOf(Contract.PROMISES.keySet());
    }
}
