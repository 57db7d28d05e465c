package io.sqleventstore.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The hexagon: who may know whom, over all modules. */
class ArchitectureTest {
    private static final String CORE = "io.sqleventstore";
    private static final String RULES = "io.sqleventstore.rules";

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(place -> !place.contains("-tests.jar")) // the fixtures that the adapters publish
            .importPackages("io.sqleventstore");

    @Test
    void core_knows_the_jdk_without_jdbc_the_json_parser_and_the_uuids() {
        classes()
                .that()
                .resideInAnyPackage(CORE, RULES)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        CORE,
                        RULES,
                        "java.lang..",
                        "java.util..",
                        "java.time",
                        "org.jspecify..",
                        "tools.jackson.core..",
                        "com.github.f4b6a3.uuid")
                .check(ALL);
    }

    @Test
    void nobody_below_knows_who_is_above() {
        noClasses()
                .that()
                .resideInAPackage("io.sqleventstore.sql")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.sqleventstore.sqlite..",
                        "io.sqleventstore.postgres..",
                        "io.sqleventstore.oracle..",
                        "io.sqleventstore.mysql..",
                        "io.sqleventstore.cli..",
                        "io.sqleventstore.conformance..",
                        "org.sqlite..",
                        "org.postgresql..",
                        "com.mysql..",
                        "org.mariadb..")
                .check(ALL);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.sqleventstore.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.sqleventstore.cli..")
                .check(ALL);
    }

    @Test
    void adapters_do_not_know_each_other_and_nothing_goes_in_a_circle() {
        slices().matching("io.sqleventstore.(*)..").should().beFreeOfCycles().check(ALL);
        for (Dialect dialect : Dialects.all()) {
            noClasses()
                    .that()
                    .resideInAPackage(dialect.getClass().getPackageName())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(otherAdapters(dialect))
                    .check(ALL);
        }
    }

    @Test
    void an_adapters_dialects_are_its_only_public_types() {
        assertThat(Dialects.all())
                .extracting(Dialect::name)
                .containsExactly("mariadb", "mysql", "oracle", "postgres", "sqlite", "sqlserver");
        for (String adapter : adapters()) {
            List<String> open = ALL.stream()
                    .filter(type -> type.getPackageName().equals(adapter))
                    .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getName)
                    .toList();
            assertThat(open)
                    .containsExactlyInAnyOrderElementsOf(Dialects.all().stream()
                            .map(dialect -> dialect.getClass())
                            .filter(type -> type.getPackageName().equals(adapter))
                            .map(Class::getName)
                            .toList());
        }
    }

    /** The packages; some have two dialects. */
    private static List<String> adapters() {
        return Dialects.all().stream()
                .map(dialect -> dialect.getClass().getPackageName())
                .distinct()
                .toList();
    }

    @Test
    void every_adapter_has_the_same_sql_files() throws IOException {
        List<String> shared = sqlFiles(Path.of("../adapter-support/src/main/resources"));
        Map<String, List<String>> files = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.filter(ArchitectureTest::isAdapter).toList()) {
                files.put(module.getFileName().toString(), sqlFiles(module.resolve("src/main/resources")));
            }
        }
        assertThat(files).hasSameSizeAs(adapters());
        assertThat(files.values().stream().distinct()).hasSize(1);
        assertThat(files.values().iterator().next())
                .contains("schema.sql", "schema-2.sql", "append.sql")
                .doesNotContainAnyElementsOf(shared);
    }

    private static boolean isAdapter(Path folder) {
        return folder.getFileName().toString().matches("adapter-(?!support).*");
    }

    private static List<String> sqlFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sql"))
                    .sorted()
                    .toList();
        }
    }

    private static String[] otherAdapters(Dialect one) {
        return adapters().stream()
                .filter(name -> !name.equals(one.getClass().getPackageName()))
                .toArray(String[]::new);
    }
}
