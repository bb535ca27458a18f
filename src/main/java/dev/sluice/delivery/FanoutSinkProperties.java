package dev.sluice.delivery;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a fan-out. */
@Description("Writes each batch to several sinks.")
record FanoutSinkProperties(
        @Description("The ids of the sinks that each batch goes to.") @Bounds(least = "1")
        List<String> targets,

        @Description("Where a target that joins later starts: an offset, or current for wherever the stream is.")
        @Nullable
        Map<String, String> startAt) {

    static final String CURRENT = "current";

    FanoutSinkProperties {
        targets = targets == null ? List.of() : List.copyOf(targets);
        startAt = startAt == null ? Map.of() : Map.copyOf(startAt);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets: must list at least one sink, like [\"flights\", \"archive\"]");
        }
        if (new HashSet<>(targets).size() < targets.size()) {
            throw new IllegalArgumentException("targets: each sink stands there once");
        }
        for (Map.Entry<String, String> start : startAt.entrySet()) {
            if (!targets.contains(start.getKey())) {
                throw new IllegalArgumentException(
                        "start-at." + start.getKey() + ": is none of the targets " + String.join(", ", targets));
            }
            if (!start.getValue().equals(CURRENT) && !start.getValue().matches("[0-9]{1,18}")) {
                throw new IllegalArgumentException("start-at." + start.getKey() + ": '" + start.getValue()
                        + "' is neither an offset nor '" + CURRENT + "'");
            }
        }
    }

    @Override
    @SuppressWarnings("NullAway") // never null: see the constructor
    public List<String> targets() {
        return targets;
    }

    @Override
    @SuppressWarnings("NullAway") // never null: see the constructor
    public Map<String, String> startAt() {
        return startAt;
    }
}
