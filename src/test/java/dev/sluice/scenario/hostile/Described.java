package dev.sluice.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the description for machines says that may be answered. */
final class Described {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int FIRST_PROBLEM = 400;
    private static final int FIRST_FAILURE = 500;

    private final Map<String, Object> paths;
    private final Set<Integer> ofAnyRequest;

    Described() throws IOException {
        Map<String, Object> document = new Yaml().load(Files.readString(Path.of("src/docs/openapi.yaml")));
        paths = members(document.get("paths"));
        ofAnyRequest = statuses(members(document.get("x-any-request")));
    }

    /** What is told of requests that are none: to no path of the description, or not even HTTP. */
    Set<Integer> ofAnyRequest() {
        return ofAnyRequest;
    }

    /** Returns the statuses of an operation, like {@code GET /sinks}. */
    Set<Integer> of(String operation) {
        String[] parts = operation.split(" ", -1);
        Object described = members(paths.get(parts[1])).get(parts[0].toLowerCase(Locale.ROOT));
        return statuses(members(members(described).get("responses")));
    }

    /** Returns those of the same path by another method; none if it has no such operation. */
    Set<Integer> ofOtherMethod(String operation, String method) {
        Object described = members(paths.get(operation.split(" ", -1)[1])).get(method.toLowerCase(Locale.ROOT));
        return described == null
                ? Set.of()
                : statuses(members(members(described).get("responses")));
    }

    /** Checks that an answer is one of those, no failure of the service, and a whole problem if it is one. */
    void check(WireAnswer answer, Set<Integer> statuses) {
        assertThat(statuses).as(answer.text()).contains(answer.status());
        if (answer.status() >= FIRST_FAILURE) {
            assertThat(ofAnyRequest).as(answer.text()).contains(answer.status());
        }
        if (answer.status() >= FIRST_PROBLEM && !answer.body().isEmpty()) {
            checkProblem(answer);
        }
    }

    private static void checkProblem(WireAnswer answer) {
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        JsonNode problem = JSON.readTree(answer.text());
        assertThat(problem.path("type").stringValue("")).startsWith("/problems/");
        assertThat(problem.path("title").stringValue("")).isNotBlank();
        assertThat(problem.path("detail").stringValue("")).isNotBlank();
        assertThat(problem.path("status").intValue()).isEqualTo(answer.status());
        assertThat(problem.path("retryable").isBoolean()).isTrue();
        assertThat(problem.path("instance").stringValue("")).isEqualTo("urn:trace:" + answer.header("sluice-trace-id"));
    }

    private static Set<Integer> statuses(Map<String, Object> byStatus) {
        Set<Integer> statuses = new TreeSet<>();
        byStatus.keySet().forEach(status -> statuses.add(Integer.valueOf(status)));
        return statuses;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(Object value) {
        return (Map<String, Object>) value;
    }
}
