package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The manifest says what the service understands, asks where it answers, and gives it what it needs. */
class KubernetesIT {

    private static final String POD = "10.244.1.7";
    private static final Path MANIFEST = Path.of("src/ops/kubernetes/sluice.yaml");

    @TempDir
    private Path directory;

    private static JsonNode pod;
    private static JsonNode container;
    private static JsonNode clients;

    @BeforeAll
    static void read() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        JsonMapper json = new JsonMapper();
        new Yaml()
                .loadAll(Files.readString(MANIFEST))
                .forEach(document -> documents.add(json.readTree(json.writeValueAsString(document))));
        assertThat(documents)
                .extracting(document -> document.path("kind").stringValue())
                .containsExactly("ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy");
        clients = documents.get(0).path("data");
        pod = documents.get(1).at("/spec/template/spec");
        container = pod.at("/containers/0");
    }

    private static Map<String, Object> environment() {
        Map<String, Object> values = new LinkedHashMap<>();
        container.path("env").forEach(variable -> {
            if (variable.has("value")) {
                values.put(
                        variable.path("name").stringValue(),
                        variable.path("value").stringValue().replace("$(POD_IP)", POD));
            }
        });
        return values;
    }

    @Test
    void startsAServiceThatAnswersItsProbesAndItsClients() throws IOException {
        CertificateAuthority authority = new CertificateAuthority("cluster");
        PemFiles files =
                new PemFiles(Files.createDirectories(directory.resolve("etc/sluice/tls"))).write(authority.server());
        Files.writeString(files.certificate().resolveSibling("ca.crt"), authority.pem());
        clients.properties()
                .forEach(file -> PemFiles.write(
                        at("/etc/sluice/clients/" + file.getKey()),
                        file.getValue().stringValue()));
        try (InProcess service = InProcess.on(PostgresForTests.freshDatabase(), List.of(), settings())) {
            int port = Integer.parseInt(service.property("local.server.port"));
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                JsonNode get = container.path(probe).path("httpGet");
                assertThat(get.path("scheme").stringValue()).isEqualTo("HTTPS");
                try (RawConnection kubelet = RawConnection.over(authority.client(), port)) {
                    assertThat(kubelet.send("GET " + get.path("path").stringValue()
                                            + " HTTP/1.1\r\nHost: 10.244.9.9:8443\r\n\r\n")
                                    .answer())
                            .startsWith("HTTP/1.1 200")
                            .contains("\"UP\"");
                }
            }
            Client loader = Client.over(authority.client(authority.issue("CN=x", "dns:loader.jobs.example.com")), port);
            loader.batch("events", "0", 0, "1").isWritten("committed");
            loader.get("/keys").isProblem(403, "forbidden");
            Client administrator = Client.over(authority.client(authority.issue("CN=administrator,O=Example")), port);
            assertThat(administrator.get("/keys").status()).isEqualTo(200);
            Client.over(authority.client(), port).get("/sinks").isProblem(401, "unauthenticated");
            try (RawConnection prometheus = RawConnection.over(authority.client(), port)) {
                assertThat(prometheus
                                .send("GET /actuator/prometheus HTTP/1.1\r\nHost: " + POD + ":8443\r\n\r\n")
                                .answer())
                        .startsWith("HTTP/1.1 401");
            }
        }
    }

    private Path at(String path) {
        try {
            Path file = directory.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            return file;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /* As Spring Boot reads the variables; what nobody knows below "sluice" would stop the start. */
    private String[] settings() throws IOException {
        Map<String, Object> values = environment();
        assertThat(values.remove("SERVER_PORT")).isEqualTo(port("https"));
        // As the image has it.
        values.put("SERVER_ADDRESS", "0.0.0.0");
        var source = (IterableConfigurationPropertySource)
                ConfigurationPropertySource.from(new SystemEnvironmentPropertySource("systemEnvironment", values));
        List<String> settings = new ArrayList<>();
        source.stream().forEach(name -> {
            String value = source.getConfigurationProperty(name).getValue().toString();
            settings.add(name + "=" + (value.startsWith("/") ? at(value) : value));
        });
        assertThat(settings).hasSize(values.size());
        Files.createDirectories(at(values.get("SLUICE_SPOOL_DIRECTORY").toString()));
        return settings.toArray(String[]::new);
    }

    private static String port(String name) {
        for (JsonNode port : container.path("ports")) {
            if (port.path("name").stringValue().equals(name)) {
                return Integer.toString(port.path("containerPort").intValue());
            }
        }
        throw new AssertionError("no port " + name);
    }

    @Test
    void mountsWhatTheSettingsName() {
        List<String> mounts = container
                .path("volumeMounts")
                .valueStream()
                .map(mount -> {
                    assertThat(mount.has("subPath")).isFalse();
                    return mount.path("mountPath").stringValue();
                })
                .toList();
        assertThat(environment().values().stream().map(Object::toString).filter(value -> value.startsWith("/")))
                .isNotEmpty()
                .allMatch(value ->
                        mounts.stream().anyMatch(mount -> value.equals(mount) || value.startsWith(mount + "/")));
        assertThat(mounts).contains("/tmp");
        assertThat(container
                        .path("volumeMounts")
                        .valueStream()
                        .map(mount -> mount.path("name").stringValue()))
                .containsExactlyInAnyOrderElementsOf(pod.path("volumes")
                        .valueStream()
                        .map(volume -> volume.path("name").stringValue())
                        .toList());
    }

    @Test
    void givesTheProcessNoMoreThanItNeeds() throws IOException {
        JsonNode security = container.path("securityContext");
        assertThat(security.path("readOnlyRootFilesystem").booleanValue()).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").booleanValue(true)).isFalse();
        assertThat(security.at("/capabilities/drop/0").stringValue()).isEqualTo("ALL");
        assertThat(pod.path("automountServiceAccountToken").booleanValue(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
        // The user of the image.
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("USER " + pod.at("/securityContext/runAsUser").intValue() + ":"
                        + pod.at("/securityContext/runAsGroup").intValue());
    }

    @Test
    void waitsForLongerThanTheServiceDoesAtItsEnd() {
        // Spring Boot's spring.lifecycle.timeout-per-shutdown-phase.
        Duration underWay = Duration.ofSeconds(30);
        assertThat(Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").intValue()))
                .isGreaterThan(underWay.plusSeconds(
                        container.at("/lifecycle/preStop/sleep/seconds").intValue()));
    }
}
