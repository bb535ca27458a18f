package dev.sluice.catalog;

import dev.sluice.definition.StatedDefinition;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stored definition that no sink can be made of for now. */
public record UnusableSink(
        String id,
        String type,
        String reason,
        long revision,
        @Nullable Instant updatedAt) {

    static UnusableSink of(StatedDefinition stated, String reason) {
        return new UnusableSink(
                stated.id(),
                Optional.ofNullable(stated.value("type")).map(Object::toString).orElse("?"),
                reason,
                stated.revision(),
                stated.updatedAt());
    }
}
