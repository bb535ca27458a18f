package dev.sluice.catalog;

import dev.sluice.definition.StatedDefinition;
import dev.sluice.fuzz.Refusal;
import dev.sluice.sink.Reach;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Definitions as JSON: read, or all that is wrong with them said; never with a secret in it. */
public final class DefinitionFuzz {

    private static final JsonMapper JSON = new JsonMapper();
    private static final DefinitionReader READER = new DefinitionReader(TypesForTests.types(), () -> Reach.AS_SET);

    private DefinitionFuzz() {}

    @SuppressWarnings("unchecked")
    public static void fuzzerTestOneInput(byte[] data) {
        Map<String, Object> settings;
        try {
            if (!JSON.readTree(data).isObject()) {
                return;
            }
            settings = JSON.readValue(data, Map.class);
        } catch (JacksonException e) {
            return;
        }
        try {
            DefinitionReader.Draft draft = READER.read(new StatedDefinition("s", false, settings, 7, null));
            // Whoever reads the definitions of others as well gives it the sinks that it is made of.
            if (draft.targets().isEmpty()) {
                SinkDefinition defined = draft.build().apply(List.of());
                Refusal.require(!defined.partitions().isEmpty(), "a sink without partitions");
            }
        } catch (InvalidDefinitionException e) {
            Refusal.require(!e.errors().isEmpty(), "refused without a word");
            Object token = settings.get("token");
            Refusal.require(
                    !(token instanceof String text)
                            || !text.startsWith("s3cr3t")
                            || !e.getMessage().contains(text),
                    "a secret is shown: " + e.getMessage());
        }
    }
}
