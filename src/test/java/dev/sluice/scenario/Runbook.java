package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shell block of a section of the night, in the page for operators, run command by command, as somebody does who
 * reads each answer before the next call. Only what a reader replaces is replaced: the values of shell variables.
 */
final class Runbook {

    private static final Path PAGE = Path.of("src/docs/operations.md");
    private static final Pattern NIGHT =
            Pattern.compile("^## The night\n(.*?)(?=^## )", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SECTION =
            Pattern.compile("^### ([^\n]+)\n(.*?)(?=^### |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Z]+=.*");
    private static final JsonMapper JSON = new JsonMapper();

    private final Deque<String> lines;
    private final Map<String, String> given = new LinkedHashMap<>();
    private final StringBuilder variables = new StringBuilder();

    private Runbook(String block) {
        this.lines = new ArrayDeque<>(block.replace("\\\n", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList());
    }

    /** Finds the section of that title, for a service. */
    static Runbook of(String title, Client service) {
        String section = sections().get(title);
        assertThat(section).as("the night's section '" + title + "'").isNotNull();
        List<String> blocks =
                BLOCK.matcher(section).results().map(block -> block.group(1)).toList();
        assertThat(blocks).as(title).hasSize(1);
        return new Runbook(blocks.get(0)).with("S", "http://localhost:" + service.port());
    }

    /** Returns what the night says before its sections, the table above all. */
    static String introduction() {
        return night().split("(?m)^### ", 2)[0];
    }

    /** Returns the sections of the night by their titles. */
    static Map<String, String> sections() {
        Map<String, String> sections = new LinkedHashMap<>();
        SECTION.matcher(night()).results().forEach(section -> sections.put(section.group(1), section.group(2)));
        return sections;
    }

    private static String night() {
        try {
            Matcher night = NIGHT.matcher(Files.readString(PAGE));
            assertThat(night.find()).isTrue();
            return night.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a variable of the block another value than the page does. */
    Runbook with(String variable, Object value) {
        given.put(variable, value.toString());
        return this;
    }

    /** Runs the next command; returns its answer, which is no problem. */
    JsonNode next() {
        return answer(command());
    }

    /** Runs the next command again and again, until its answer is as expected. */
    JsonNode nextUntil(Predicate<JsonNode> expected) {
        String command = command();
        JsonNode[] last = new JsonNode[1];
        await(command).atMost(Duration.ofSeconds(60)).until(() -> {
            last[0] = answer(command);
            return expected.test(last[0]);
        });
        return last[0];
    }

    /** Runs the next command, a balance, which is to be even, with all that was compared. */
    JsonNode nextIsEven() {
        JsonNode balance = next();
        assertThat(balance.path("difference").asLong(-1)).as(balance.toString()).isZero();
        assertThat(balance.path("comparisons")).as(balance.toString()).isNotEmpty();
        return balance;
    }

    /** Asserts that nothing is left. */
    void isDone() {
        assertThat(lines).isEmpty();
    }

    private String command() {
        while (!lines.isEmpty() && ASSIGNMENT.matcher(lines.element()).matches()) {
            variables.append(lines.remove()).append('\n');
            given.forEach((name, value) ->
                    variables.append(name).append("='").append(value).append("'\n"));
        }
        assertThat(lines).isNotEmpty();
        return variables + lines.remove();
    }

    private static JsonNode answer(String command) {
        String printed = Shell.run(command);
        JsonNode answer = printed.isBlank() ? JSON.createObjectNode() : JSON.readTree(printed);
        assertThat(answer.path("type").asString("")).as(command + "\n" + answer).doesNotStartWith("/problems/");
        return answer;
    }

    /** Returns the parts of a text that match. */
    static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }
}
