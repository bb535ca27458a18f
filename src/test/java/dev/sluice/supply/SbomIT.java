package dev.sluice.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar says what it is built of: of every library which version, which bytes and which licence, and nothing else. */
class SbomIT {

    private static final Path JAR = Path.of(System.getProperty("sluice.jar", "target/sluice.jar"));

    private static Map<String, Component> listed;
    private static Map<String, String> shipped;

    @BeforeAll
    static void read() throws IOException, NoSuchAlgorithmException {
        listed = Sbom.ofJar(JAR).stream().collect(Collectors.toMap(Component::file, Function.identity()));
        shipped = libraries();
    }

    /* Their hashes by their names. */
    private static Map<String, String> libraries() throws IOException, NoSuchAlgorithmException {
        Map<String, String> hashes = new TreeMap<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> entry.getName().matches("BOOT-INF/lib/.*\\.jar"))
                    .toList();
            for (JarEntry entry : entries) {
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] hash = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                    hashes.put(
                            entry.getName().substring("BOOT-INF/lib/".length()),
                            HexFormat.of().formatHex(hash));
                }
            }
        }
        return hashes;
    }

    @Test
    void hasEveryLibraryWithItsHashAndLicence() {
        assertThat(shipped).hasSizeGreaterThan(50);
        shipped.forEach((file, hash) -> {
            Component component = listed.get(file);
            assertThat(component).as(file).isNotNull();
            assertThat(component.sha256()).as(file).isEqualTo(hash);
            assertThat(component.licences()).as(file).isNotEmpty();
            assertThat(component.purl())
                    .isEqualTo("pkg:maven/" + component.group() + "/" + component.name() + "@" + component.version());
        });
    }

    /* Starters name other libraries, and have nothing in them: Spring Boot leaves them out of its jars. */
    @Test
    void hasNothingThatIsNotThere() {
        Set<String> more = listed.keySet().stream()
                .filter(file -> !shipped.containsKey(file))
                .collect(Collectors.toSet());
        assertThat(more)
                .allSatisfy(file -> assertThat(listed.get(file).coordinates())
                        .startsWith("org.springframework.boot:spring-boot-starter"));
    }

    @Test
    void bringsTheLicencesAlong() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "LICENSE")).contains("Apache License");
            assertThat(text(jar, "third-party.md")).contains("org.postgresql:postgresql");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry("META-INF/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
