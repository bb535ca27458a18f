package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.sink.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssemblyTests {

    private final DefinitionReader reader = new DefinitionReader(TypesForTests.types(), () -> Reach.AS_SET);

    private Draft plain(String id, boolean local) {
        return reader.read(
                new StatedDefinition(id, local, Map.of("type", "plain", "partitions", List.of("0")), 1, null));
    }

    private Draft copy(String id, boolean local, String target) {
        return reader.read(new StatedDefinition(id, local, Map.of("type", "copy", "target", target), 1, null));
    }

    private static Assembly assemble(Draft... drafts) {
        return new Assembly(List.of(drafts), Map.of()).run();
    }

    @Test
    void makesTargetsFirstWhateverTheirOrder() {
        Assembly assembly = assemble(copy("c", true, "b"), copy("b", true, "a"), plain("a", true));
        assertThat(assembly.refused()).isEmpty();
        assertThat(assembly.fresh()).extracting(SinkDefinition::id).containsExactly("a", "b", "c");
        assertThat(assembly.assembled().keySet()).containsExactly("c", "b", "a");
        assertThat(assembly.assembled().get("c").sink().targets()).containsExactly("b");
        assertThat(assembly.assembled().get("c").sink().partitions()).containsExactly("0");
    }

    @Test
    void refusesCyclesByName() {
        Assembly assembly = assemble(copy("a", true, "b"), copy("b", true, "c"), copy("c", true, "a"));
        assertThat(assembly.refused().keySet()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(assembly.refused().get("c")).hasMessage("target: would deliver to itself: a → b → c → a");
        assertThat(assemble(copy("a", true, "a")).refused().get("a")).hasMessageContaining("a → a");
    }

    @Test
    void refusesUnknownTargets() {
        assertThat(assemble(copy("a", true, "plan"), plain("plain", true))
                        .refused()
                        .get("a"))
                .hasMessageContaining("target: there is no sink 'plan'")
                .hasMessageContaining("did you mean plain");
    }

    @Test
    void refusesTargetsWithoutAnOrder() {
        Draft workers = reader.read(StatedDefinition.configured("w", Map.of("type", "plain", "workers", "2")));
        assertThat(assemble(copy("a", true, "w"), workers).refused().get("a")).hasMessageContaining("has workers");
        Draft any = reader.read(StatedDefinition.configured(
                "w", Map.of("type", "plain", "partitions", "0", "unordered", "true", "order", "any")));
        assertThat(assemble(copy("a", true, "w"), any).refused().get("a")).hasMessageContaining("in any order");
    }

    @Test
    void keepsTheConfigurationIndependentOfTheDatabase() {
        assertThat(assemble(copy("a", true, "b"), plain("b", false)).refused().get("a"))
                .hasMessageContaining("stands in the configuration");
        assertThat(assemble(copy("a", false, "b"), plain("b", true)).refused()).isEmpty();
    }

    @Test
    void keepsWhatHasNotChanged() {
        Draft a = plain("a", false);
        Draft b = plain("b", false);
        Draft c = copy("c", false, "b");
        Draft d = copy("d", false, "a");
        Assembly before = assemble(a, b, c, d);
        List<Draft> drafts = new ArrayList<>(List.of(a, plain("b", false), c, d));
        Assembly after = new Assembly(drafts, before.assembled()).run();
        assertThat(after.fresh()).extracting(SinkDefinition::id).containsExactly("b", "c");
        assertThat(after.assembled().get("a")).isSameAs(before.assembled().get("a"));
        assertThat(after.assembled().get("d")).isSameAs(before.assembled().get("d"));
    }
}
