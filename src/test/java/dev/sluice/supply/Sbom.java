package dev.sluice.supply;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of components that the build makes, as CycloneDX has it. */
final class Sbom {

    static final Path BUILT = Path.of("target/classes/META-INF/sbom/application.cdx.json");
    static final String IN_JAR = "META-INF/sbom/application.cdx.json";

    private Sbom() {}

    /** The components that the build has found. */
    static List<Component> built() throws IOException {
        return of(Files.readString(BUILT));
    }

    /** Those of a jar that was built some time ago. */
    static List<Component> ofJar(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            ZipEntry entry = jar.getEntry(IN_JAR);
            if (entry == null) {
                throw new IOException(path + " has no " + IN_JAR + ": is it a sluice.jar of 0.1.0 or later?");
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    static List<Component> of(String document) {
        List<Component> components = new ArrayList<>();
        for (JsonNode each : new JsonMapper().readTree(document).path("components")) {
            components.add(component(each));
        }
        components.sort(Comparator.comparing(Component::purl));
        return components;
    }

    private static Component component(JsonNode node) {
        String purl = node.path("purl").asString("");
        int qualifiers = purl.indexOf('?');
        return new Component(
                qualifiers < 0 ? purl : purl.substring(0, qualifiers),
                node.path("group").asString(""),
                node.path("name").asString(""),
                node.path("version").asString(""),
                sha256(node.path("hashes")),
                licences(node.path("licenses")));
    }

    private static String sha256(JsonNode hashes) {
        for (JsonNode hash : hashes) {
            if (hash.path("alg").asString("").equals("SHA-256")) {
                return hash.path("content").asString("");
            }
        }
        return "";
    }

    private static List<String> licences(JsonNode choices) {
        List<String> licences = new ArrayList<>();
        for (JsonNode choice : choices) {
            JsonNode licence = choice.path("license");
            licences.add(choice.path("expression")
                    .asString(licence.path("id").asString(licence.path("name").asString(""))));
        }
        return licences;
    }
}
