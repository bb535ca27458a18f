package dev.sluice.integer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** Quotes stand around what is ours, and nowhere else. */
class QuotedIntegersTests {

    private static final Set<String> WIDE = Set.of("#/components/schemas/Offset", "#/components/schemas/Position");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"offset\":0}                            | {\"offset\":\"0\"}",
                "{ \"nextOffset\" : 9223372036854775807 }  | { \"nextOffset\" : \"9223372036854775807\" }",
                "{\"é\":[{\"end\":12},{\"first\":3 }]}     | {\"é\":[{\"end\":\"12\"},{\"first\":\"3\" }]}",
                "{\"version\":1,\"next\":2,\"written\":3}  | {\"version\":\"1\",\"next\":\"2\",\"written\":3}",
                "{\"next\":\"p5\",\"offset\":null}         | {\"next\":\"p5\",\"offset\":null}",
                "{\"state\":{\"version\":1,\"a\":[{\"end\":2}]},\"end\":3} "
                        + "| {\"state\":{\"version\":1,\"a\":[{\"end\":2}]},\"end\":\"3\"}",
                "{\"state\":7,\"settings\":{\"offset\":1},\"value\":[{\"offset\":1}]} "
                        + "| {\"state\":7,\"settings\":{\"offset\":1},\"value\":[{\"offset\":1}]}",
                "{\"offset\":1.50,\"detail\":\"\\u0041 1\"} | {\"offset\":1.50,\"detail\":\"\\u0041 1\"}",
                "[{\"offset\":1},2]                        | [{\"offset\":\"1\"},2]",
                "5                                         | 5"
            })
    void quotesOffsetsTokensAndVersions(String json, String expected) {
        assertThat(new String(QuotedIntegers.in(json.getBytes(UTF_8)), UTF_8)).isEqualTo(expected);
    }

    private static boolean isWide(Map<?, ?> schema) {
        return WIDE.contains(String.valueOf(schema.get("$ref")))
                || (schema.get("oneOf") instanceof List<?> some
                        && some.stream().anyMatch(one -> one instanceof Map<?, ?> map && isWide(map)));
    }

    @Test
    void knowsEveryOffsetAndPositionThatTheDescriptionForMachinesHas() throws IOException {
        Set<String> described = new HashSet<>();
        List<Object> open = new ArrayList<>();
        open.add(new Yaml().load(Files.readString(Path.of("src/docs/openapi.yaml"))));
        while (!open.isEmpty()) {
            Object node = open.remove(open.size() - 1);
            if (node instanceof Map<?, ?> map) {
                open.addAll(map.values());
                if (map.get("properties") instanceof Map<?, ?> properties) {
                    properties.forEach((name, schema) -> {
                        if (schema instanceof Map<?, ?> property && isWide(property)) {
                            described.add((String) name);
                        }
                    });
                }
            } else if (node instanceof List<?> list) {
                open.addAll(list);
            }
        }
        assertThat(described).contains("offset", "nextOffset", "fencingToken").isEqualTo(QuotedIntegers.NAMES);
    }
}
