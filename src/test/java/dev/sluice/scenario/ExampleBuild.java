package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * Builds an example outside of Sluice's tree, against the jars for authors that this build has made. They go into a
 * local repository of its own, before the one that this build uses: nothing is installed, nothing stale is found.
 */
final class ExampleBuild {

    private final Path project;
    private final Path repository;
    private final Path log;

    private ExampleBuild(Path project, Path repository, Path log) {
        this.project = project;
        this.repository = repository;
        this.log = log;
    }

    static ExampleBuild of(String name, Path directory) throws IOException {
        Path project = directory.resolve(name);
        FileSystemUtils.copyRecursively(Path.of("src/examples", name), project);
        FileSystemUtils.deleteRecursively(project.resolve("target"));
        ExampleBuild build =
                new ExampleBuild(project, directory.resolve("repository"), directory.resolve(name + ".log"));
        build.provideJars();
        return build;
    }

    private void provideJars() throws IOException {
        String version = System.getProperty("sluice.version");
        Path target = Path.of(System.getProperty("sluice.jar")).getParent();
        Path artifact =
                Files.createDirectories(repository.resolve("dev/sluice/sluice").resolve(version));
        Files.copy(Path.of("pom.xml"), artifact.resolve("sluice-" + version + ".pom"));
        for (String classifier : List.of("spi", "contract")) {
            Files.copy(
                    target.resolve("sluice-" + classifier + ".jar"),
                    artifact.resolve("sluice-" + version + "-" + classifier + ".jar"));
        }
    }

    /** Runs the example's tests against the database, and returns its jar. */
    Path build(Database database) throws IOException {
        ProcessBuilder maven = new ProcessBuilder(
                        "sh",
                        Path.of("mvnw").toAbsolutePath().toString(),
                        "-B",
                        "-ntp",
                        "-f",
                        project.resolve("pom.xml").toString(),
                        "-Dmaven.repo.local=" + repository,
                        "-Dmaven.repo.local.tail=" + System.getProperty("sluice.repository"),
                        "-Dsluice.test.url=" + database.url(),
                        "-Dsluice.test.username=" + database.username(),
                        "-Dsluice.test.password=" + database.password(),
                        "verify")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int exit = waitFor(maven.start());
        assertThat(exit).as(() -> "the example's build:\n" + read(log)).isZero();
        assertThat(read(log)).as("tests have run").contains("AuditContractTests", "Failures: 0, Errors: 0, Skipped: 0");
        try (Stream<Path> built = Files.list(project.resolve("target"))) {
            return built.filter(file -> file.toString().endsWith(".jar"))
                    .findAny()
                    .orElseThrow();
        }
    }

    private static int waitFor(Process process) {
        try {
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
