package dev.sluice.explain;

import dev.sluice.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each type of problem means, from a resource beside the pages; read when somebody wants to know. Thread-safe. */
@Component
class Explanations {

    private static final String PLACE = "/console/problems.json";

    /* Never changed once it is there. */
    private volatile Map<ProblemType, Explanation> all = Map.of();

    Explanation of(ProblemType type) {
        if (all.isEmpty()) {
            all = read();
        }
        return Objects.requireNonNull(all.get(type), () -> type.slug() + " is missing in " + PLACE);
    }

    private static Map<ProblemType, Explanation> read() {
        try (InputStream in = Objects.requireNonNull(Explanations.class.getResourceAsStream(PLACE))) {
            Map<ProblemType, Explanation> read = new EnumMap<>(ProblemType.class);
            JsonNode root = new JsonMapper().readTree(in);
            for (ProblemType type : ProblemType.values()) {
                JsonNode node = root.path(type.slug());
                if (node.isObject()) {
                    read.put(type, new Explanation(text(node, "happened"), text(node, "toDo"), text(node, "example")));
                }
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("");
    }
}
