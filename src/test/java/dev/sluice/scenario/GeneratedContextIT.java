package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts of the image, with the context generated at build time where it fits. */
class GeneratedContextIT {

    private static final String GENERATED = "Starting AOT-processed SluiceApplication";
    private static final String ORDINARY = "Starting without the context generated at build time, which takes longer: ";

    @TempDir
    private static Path shared;

    private static Path image;

    @TempDir
    private Path directory;

    private final Database database = PostgresForTests.freshDatabase();

    @BeforeAll
    static void extract() throws IOException, InterruptedException {
        image = ServiceProcess.extract(shared);
    }

    @BeforeEach
    void forgetTheLogOfTheLastStart() throws IOException {
        Files.deleteIfExists(image.resolve("service.log"));
    }

    @Test
    void hasTheBeansOfAnOrdinaryStart() throws IOException, InterruptedException {
        List<String> ordinary = beans("false");
        List<String> generated = beans("true");
        // One that finds the same migrations without scanning jars in a native image, too.
        assertThat(without(generated, ordinary))
                .containsExactly("resourceProviderCustomizer class"
                        + " org.springframework.boot.flyway.autoconfigure.NativeImageResourceProviderCustomizer");
        // What reads annotations, which has been done, and what only tests have.
        assertThat(without(ordinary, generated))
                // Of libraries that the tests in a browser bring with them.
                .filteredOn(bean -> !bean.contains("Jackson2") && !bean.contains("Gson"))
                .extracting(bean -> bean.substring(bean.lastIndexOf('.') + 1))
                .containsExactlyInAnyOrder(
                        "AutowiredAnnotationBeanPostProcessor",
                        "CommonAnnotationBeanPostProcessor",
                        "ConfigurationClassPostProcessor",
                        "CachingMetadataReaderFactory",
                        "ResourceProviderCustomizer",
                        "ApplicationModuleInitializerRuntimeVerification");
    }

    private static List<String> without(List<String> beans, List<String> others) {
        return beans.stream().filter(bean -> !others.contains(bean)).toList();
    }

    private List<String> beans(String generated) throws IOException, InterruptedException {
        Path file = directory.resolve("beans-" + generated);
        Path log = directory.resolve("log-" + generated);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspring.aot.enabled=" + generated,
                "-cp",
                System.getProperty("java.class.path"),
                BeanNames.class.getName(),
                file.toString(),
                "--server.port=0",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--sluice.sinks.events.type=table",
                "--sluice.sinks.events.partitions=0"));
        PostgresForTests.engine().ifPresent(engine -> command.add("--sluice.database.engine=" + engine));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log).contains("AOT-processed")).isEqualTo(Boolean.parseBoolean(generated));
        return Files.readAllLines(file);
    }

    @Test
    void takesTheGeneratedOneForSettingsOfOurOwn() throws IOException {
        try (ServiceProcess service = start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0",
                "spring.datasource.hikari.maximum-pool-size=10",
                "logging.level.dev.sluice=debug")) {
            service.client().batch("events", "0", 0, "{},{}").isWritten("committed");
            service.client().batch("events", "0", 0, "{},{}").isWritten("duplicate");
            assertThat(service.client()
                            .get("/actuator/metrics/hikaricp.connections.max")
                            .body()
                            .toString())
                    .contains("10.0");
            assertThat(service.log()).content().contains(GENERATED).doesNotContain(ORDINARY);
        }
    }

    @Test
    void takesTheGeneratedOneWithTlsAndClientCertificates() throws IOException {
        CertificateAuthority authority = new CertificateAuthority("test");
        PemFiles files = new PemFiles(directory).write(authority.server());
        Path trusted = Files.writeString(directory.resolve("ca.crt"), authority.pem());
        Path clients = Files.writeString(directory.resolve("clients.yaml"), """
                clients: [{name: loader, san: "dns:loader", grants: [{sinks: "*", verbs: [write]}]}]
                """);
        try (ServiceProcess service = ServiceProcess.extractedWithTls(
                authority.client(authority.issue("CN=x", "dns:loader")),
                database,
                image,
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0",
                "sluice.certificates.file=" + clients,
                "spring.ssl.bundle.pem.web.keystore.certificate=" + files.certificate(),
                "spring.ssl.bundle.pem.web.keystore.private-key=" + files.key(),
                "spring.ssl.bundle.pem.web.truststore.certificate=" + trusted,
                "spring.ssl.bundle.pem.web.reload-on-update=true",
                "server.ssl.bundle=web",
                "server.ssl.client-auth=want",
                "server.http2.enabled=true")) {
            service.client().batch("events", "0", 0, "{},{}").isWritten("committed");
            files.write(authority.issue("CN=next", "dns:localhost"));
            await().untilAsserted(() ->
                    assertThat(service.log()).content().contains("The certificates of the bundle web were exchanged"));
            service.client().batch("events", "0", 2, "{}").isWritten("committed");
            assertThat(service.log()).content().contains(GENERATED).doesNotContain(ORDINARY);
        }
    }

    @Test
    void heedsASettingThatDecidesAboutBeans() {
        try (ServiceProcess service = start("management.endpoints.web.exposure.include=health,beans")) {
            assertThat(service.client().get("/actuator/beans").status()).isEqualTo(200);
            assertThat(service.log())
                    .content()
                    .contains(ORDINARY + "management.endpoints.web.exposure.include is set (commandLineArgs)")
                    .doesNotContain(GENERATED);
        }
    }

    @Test
    void heedsAJarBesideOurs() throws IOException {
        Path sink = image.resolve("sinks").resolve("empty.jar");
        try (OutputStream file = Files.newOutputStream(sink)) {
            new JarOutputStream(file).close();
        }
        try (ServiceProcess service = start()) {
            assertThat(service.log()).content().contains(ORDINARY + "there is more on the class path, sinks/empty.jar");
        } finally {
            Files.delete(sink);
        }
    }

    @Test
    void refusesWithTheSameSentence() {
        Database nowhere = new Database("jdbc:mysql://localhost/x", "a", "b", "nowhere");
        assertThatThrownBy(() -> ServiceProcess.extracted(nowhere, image))
                .hasMessageContaining(GENERATED)
                .hasMessageContaining("spring.datasource.url");
    }

    private ServiceProcess start(String... settings) {
        return ServiceProcess.extracted(database, image, settings);
    }
}
