package dev.sluice;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameContaining;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The architecture's rules. */
class ModularityTests {

    private static final String GENERATED = "__";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains(GENERATED))
            .importPackages("dev.sluice");

    @Test
    void packagesUseOnlyWhatTheyDeclare() {
        ApplicationModules.of(SluiceApplication.class, nameContaining(GENERATED))
                .verify();
    }

    @Test
    void everyPackageIsDescribedNullMarkedAndDeclaresWhatItUses() throws IOException {
        try (Stream<Path> packages = Files.list(Path.of("src/main/java/dev/sluice"))) {
            List<Path> directories = packages.filter(Files::isDirectory).toList();
            assertThat(directories)
                    .isNotEmpty()
                    .allSatisfy(directory -> assertThat(directory.resolve("package-info.java"))
                            .content()
                            .contains("@NullMarked", "@ApplicationModule(", "/** "));
        }
    }

    @Test
    void theSpiNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.sluice.sink")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.sluice.sink", "org.springframework.modulith")
                .check(CLASSES);
    }

    @Test
    void targetsShowNothingOfThemselves() {
        classes()
                .that()
                .resideInAnyPackage("dev.sluice.table", "dev.sluice.file", "dev.sluice.http", "dev.sluice.log")
                .should()
                .notBePublic()
                .check(CLASSES);
        classes()
                .that()
                .resideInAnyPackage("dev.sluice.database", "dev.sluice.postgres")
                .and()
                .haveNameNotMatching("dev\\.sluice\\.database\\.Incarnations?") // operators may begin one
                .should()
                .notBePublic()
                .check(CLASSES);
    }

    @Test
    void jacksonIsTheThirdOne() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..")
                .check(CLASSES);
    }

    @Test
    void sqlStandsWhereItBelongs() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.sluice.snapshot..",
                        "dev.sluice.table..",
                        "dev.sluice.database..",
                        "dev.sluice.definition..",
                        "dev.sluice.delivery..",
                        "dev.sluice.audit..",
                        "dev.sluice.balance..",
                        "dev.sluice.control..",
                        "dev.sluice.deadletter..",
                        "dev.sluice.history..",
                        "dev.sluice.key..",
                        "dev.sluice.resolution..",
                        "dev.sluice.telemetry..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.jdbc.core..")
                .check(CLASSES);
    }
}
