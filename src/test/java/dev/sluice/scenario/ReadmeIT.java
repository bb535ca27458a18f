package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The README's shell blocks, one after another on a fresh service as a newcomer starts it, with their answers. */
class ReadmeIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern BLOCKS =
            Pattern.compile("^```sh\\n(.*?)^```\\n+```json\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SHELL_BLOCK = Pattern.compile("^```sh$", Pattern.MULTILINE);
    private static final Set<String> DIFFERENT_EACH_TIME = Set.of("updatedAt", "since", "committedAt", "instance");

    @Test
    void answersWhatTheReadmeSays(@TempDir Path directory) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Matcher blocks = BLOCKS.matcher(readme);
        int run = 0;
        try (ServiceProcess service = ServiceProcess.embedded(directory)) {
            while (blocks.find()) {
                String command = blocks.group(1)
                        .replace(
                                "localhost:8080",
                                "localhost:" + service.client().port());
                String answer = Shell.run(command);
                assertThat(withoutWhatDiffers(JSON.readTree(answer)))
                        .as(command)
                        .isEqualTo(withoutWhatDiffers(JSON.readTree(blocks.group(2))));
                run++;
            }
        }
        assertThat(run)
                .as("every shell block has an answer to compare with")
                .isEqualTo((int) SHELL_BLOCK.matcher(readme).results().count())
                .isGreaterThan(5);
    }

    /** Flattens a document to "path=value" lines, sorted by nothing but the document's own order. */
    private static List<String> withoutWhatDiffers(JsonNode document) {
        List<String> lines = new ArrayList<>();
        flatten("", document, lines);
        return lines;
    }

    private static void flatten(String path, JsonNode node, List<String> lines) {
        if (node.isObject()) {
            node.properties().forEach(member -> {
                if (!DIFFERENT_EACH_TIME.contains(member.getKey())) {
                    flatten(path + "." + member.getKey(), member.getValue(), lines);
                }
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.get(i), lines);
            }
        } else {
            lines.add(path + "=" + node);
        }
    }
}
