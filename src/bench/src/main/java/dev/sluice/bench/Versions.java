package dev.sluice.bench;

import dev.sluice.bench.question.Lab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** What was measured, by its versions. */
final class Versions {

    private Versions() {}

    static Map<String, String> of(Lab lab) throws IOException, SQLException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("Sluice", sluice(lab.jar()) + ", " + commit(lab.home()));
        versions.put("JDK of the service", lab.java().version());
        versions.put("JDK of the benchmark", System.getProperty("java.version"));
        versions.put("PostgreSQL", lab.server().text("select version()"));
        versions.put("psql", lab.tools().version("psql"));
        versions.put("pgbench", lab.tools().version("pgbench"));
        return versions;
    }

    private static String sluice(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes manifest = file.getManifest().getMainAttributes();
            return String.valueOf(manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION));
        }
    }

    private static String commit(Path home) {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
                    .directory(home.toFile())
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return said.isEmpty() ? "commit unknown" : "commit " + said;
        } catch (IOException e) {
            return "commit unknown";
        }
    }
}
