package dev.sluice.catalog;

import dev.sluice.catalog.DefinitionLoader.Current;
import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.DefinitionStore;
import dev.sluice.definition.StatedDefinition;
import java.util.Map;

/**
 * A definition that may take the place of another one.
 *
 * @param current what there is now
 * @param drafts of all sinks, with its own
 * @param assembly what becomes of them
 */
record Candidate(
        Current current,
        StatedDefinition stated,
        Draft draft,
        Map<String, Draft> drafts,
        Assembly assembly,
        DefinitionStore.Revision revision) {

    /** Releases what was made for it and is not used. */
    void close() {
        assembly.fresh().forEach(fresh -> fresh.sink().close());
    }
}
