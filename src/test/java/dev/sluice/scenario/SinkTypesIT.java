package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.definition.CommonKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What can be set is described by the service itself, and what it says of a setting is so. */
class SinkTypesIT {

    private static final List<String> BUILT_IN = List.of("batching", "fanout", "file", "http", "log", "table");

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class, "sluice.sinks.inner.type=table", "sluice.sinks.inner.partitions=0");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode type(String name) {
        Answer answer = client.get("/sink-types/" + name);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private static JsonNode setting(String type, String name) {
        return named(type(type).path("settings"), name);
    }

    private static JsonNode named(JsonNode settings, String name) {
        return settings.valueStream()
                .filter(setting -> setting.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not described: " + settings));
    }

    private static Stream<JsonNode> all(JsonNode node) {
        Stream<JsonNode> here = node.has("name") ? Stream.of(node) : Stream.empty();
        return Stream.concat(here, node.valueStream().flatMap(SinkTypesIT::all));
    }

    @Test
    void hasASentenceForEachTypeAndSettingAtAnyDepth() {
        JsonNode types = client.get("/sink-types").body().path("types");
        List<JsonNode> builtIn = types.valueStream()
                .filter(type -> BUILT_IN.contains(type.path("type").stringValue()))
                .toList();
        assertThat(builtIn).hasSameSizeAs(BUILT_IN);
        assertThat(builtIn).allSatisfy(type -> {
            assertThat(type.path("description").asString("")).endsWith(".");
            assertThat(all(type).toList()).isNotEmpty().allSatisfy(setting -> {
                assertThat(setting.path("description").asString("")).matches("[A-Z].*\\.");
                assertThat(setting.path("type").stringValue()).isNotBlank();
                assertThat(setting.path("secret").isBoolean()).isTrue();
            });
        });
    }

    @Test
    void describesListsMapsAndObjects() {
        JsonNode columns = setting("table", "columns");
        assertThat(columns.path("type").stringValue()).isEqualTo("map");
        JsonNode column = columns.path("entries");
        assertThat(column.path("type").stringValue()).isEqualTo("object");
        assertThat(column.path("orText").booleanValue()).isTrue();
        assertThat(named(column.path("settings"), "unit").path("values").toString())
                .isEqualTo("[\"d\",\"s\",\"ms\",\"us\",\"ns\"]");
        assertThat(named(column.path("settings"), "from").path("required").booleanValue())
                .isTrue();
        assertThat(setting("table", "accept").at("/items/values").toString())
                .isEqualTo("[\"unlogged\",\"view\",\"foreign\"]");
        assertThat(named(setting("table", "other-members").path("settings"), "policy")
                        .path("values")
                        .toString())
                .contains("add-columns");
        assertThat(setting("http", "headers").path("secret").booleanValue()).isTrue();
        assertThat(setting("http", "headers").at("/entries/type").stringValue()).isEqualTo("text");
        assertThat(setting("http", "header-files").path("configurationOnly").booleanValue())
                .isTrue();
        assertThat(setting("http", "timeout").path("default").stringValue()).isEqualTo("30s");
        assertThat(setting("http", "max-response").path("type").stringValue()).isEqualTo("size");
        assertThat(type("memory").path("settings").size()).isPositive();
    }

    @Test
    void describesWhatEveryDefinitionMayHave() {
        assertThat(names(type("table").path("common"))).isEqualTo(CommonKeys.NAMES);
        assertThat(names(type("fanout").path("common"))).isEqualTo(Set.of("type", "guarantee"));
        assertThat(type("fanout").path("madeOfSinks").booleanValue()).isTrue();
        assertThat(named(type("table").path("common"), "guarantee")
                        .path("values")
                        .toString())
                .isEqualTo("[\"none\",\"at-least-once\",\"effectively-once\",\"exactly-once\"]");
    }

    private static Set<String> names(JsonNode settings) {
        return settings.valueStream()
                .map(setting -> setting.path("name").stringValue())
                .collect(Collectors.toSet());
    }

    /** Whatever a definition is said to need is asked for, and nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"batching", "fanout", "file", "http", "log", "table"})
    void requiresWhatItSaysItRequires(String type) {
        JsonNode described = type(type);
        String partitions = described.path("madeOfSinks").booleanValue() ? "" : ",\"partitions\":[\"0\"]";
        Answer answer = client.put("/sinks/tried?dryRun=true", "{\"type\":\"" + type + "\"" + partitions + "}");
        List<String> required = described
                .path("settings")
                .valueStream()
                .filter(setting -> setting.path("required").booleanValue())
                .map(setting -> setting.path("name").stringValue())
                .toList();
        assertThat(fields(answer)).isEqualTo(required);
    }

    /** The bounds are those of the code: one step beyond is refused, by the name of the setting. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http     | max-attempts     | 1    | 1000  | 0     | 1001",
                "http     | backoff          | 1ms  | 1d    | 0ms   | 86401s",
                "http     | max-backoff      | 1ms  | 1d    | 0ms   | 86401s",
                "http     | timeout          | 1ms  | 1d    | 0ms   | 86401s",
                "http     | connect-timeout  | 1ms  | 1d    | 0ms   | 86401s",
                "http     | deadline         | 1ms  | 1d    | 0ms   | 86401s",
                "http     | max-response     | 0B   | 16MB  | -1B   | 17MB",
                "http     | breaker-failures | 1    | 1000  | 0     | 1001",
                "http     | breaker-wait     | 1ms  | 1d    | 0ms   | 86401s",
                "batching | batch-size       | 1    | 10000 | 0     | 10001",
                "batching | batch-bytes      | 1B   | 4MB   | 0B    | 5MB",
                "batching | flush-interval   | 1ns  |       | 0ns   | ",
                "table    | max-new-columns  | 1    |       | 0     | ",
                "file     | rotate-size      | 1B   |       | 0B    | ",
                "fanout   | targets          | 1    |       |       | "
            })
    void isRefusedBeyondTheBounds(String type, String name, String least, String most, String below, String above) {
        JsonNode setting = setting(type, name);
        assertThat(setting.path("least").asString(null)).isEqualTo(least);
        assertThat(setting.path("most").asString(null)).isEqualTo(most);
        if (below != null) {
            assertThat(fields(tried(type, name, least))).doesNotContain(name);
            assertThat(fields(tried(type, name, below))).containsExactly(name);
        }
        if (most != null) {
            assertThat(fields(tried(type, name, most))).doesNotContain(name);
            assertThat(fields(tried(type, name, above))).containsExactly(name);
        }
    }

    /** Each setting with bounds is among those that are tried. */
    @Test
    void triesAllBounds() {
        List<String> bounded = BUILT_IN.stream()
                .flatMap(type -> type(type).path("settings").valueStream())
                .filter(setting -> setting.has("least"))
                .map(setting -> setting.path("name").stringValue())
                .toList();
        assertThat(bounded).hasSize(15);
    }

    private static Answer tried(String type, String name, String value) {
        String others = switch (type) {
            case "http" ->
                ",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:9/\""
                        + (name.equals("max-backoff") ? ",\"backoff\":\"1ms\"" : "")
                        + (name.equals("backoff") ? ",\"max-backoff\":\"1d\"" : "");
            case "batching" -> ",\"target\":\"inner\"";
            case "file" -> ",\"partitions\":[\"0\"],\"directory\":\"target/sink-types\",\"layout\":\"segments\"";
            default -> ",\"partitions\":[\"0\"]";
        };
        return client.put(
                "/sinks/tried?dryRun=true",
                "{\"type\":\"" + type + "\"" + others + ",\"" + name + "\":\"" + value + "\"}");
    }

    private static List<String> fields(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isIn(200, 422);
        List<String> fields = new ArrayList<>();
        answer.body()
                .path("errors")
                .valueStream()
                .forEach(error -> fields.add(error.path("field").stringValue()));
        return fields;
    }

    @Test
    void tellsOfATypeThatThereIsNot() {
        assertThat(client.get("/sink-types/tabel")
                        .isProblem(404, "not-found")
                        .body()
                        .path("nearest")
                        .toString())
                .contains("\"table\"");
    }
}
