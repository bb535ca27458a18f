package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;

/** The description for machines names every path and problem that there is, and no other. */
class OpenApiIT {

    private static final Path DOCUMENT = Path.of("src/docs/openapi.yaml");

    @Test
    void describesEveryPathAndMethod() throws IOException {
        Set<String> described = new TreeSet<>();
        Map<String, Map<String, Map<String, Object>>> document = new Yaml().load(Files.readString(DOCUMENT));
        document.get("paths")
                .forEach((path, operations) -> operations.keySet().stream()
                        .filter(key -> Set.of("get", "post", "put", "delete").contains(key))
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        described.removeIf(operation -> operation.contains(" /actuator") || operation.endsWith("/openapi.yaml"));

        Set<String> mapped = new TreeSet<>();
        try (InProcess service = InProcess.start()) {
            service.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                    .getHandlerMethods()
                    .forEach((mapping, handler) -> mapping.getPatternValues()
                            .forEach(pattern -> mapping.getMethodsCondition()
                                    .getMethods()
                                    .forEach(method -> mapped.add(method + " " + pattern))));
        }
        // Pages for people, which are described in console.md.
        mapped.removeIf(operation -> operation.contains(" /console") || operation.endsWith("/problems/{type}"));
        assertThat(described).isEqualTo(mapped);
    }

    @Test
    void namesEveryProblem() throws IOException {
        String document = Files.readString(DOCUMENT);
        String protocol = Files.readString(Path.of("src/docs/protocol.md"));
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::slug)).allSatisfy(slug -> {
            assertThat(document).contains(slug);
            assertThat(protocol).contains(slug);
        });
    }
}
