package dev.sluice.delivery;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a fan-out.
 *
 * @param targets the sinks that each batch goes to
 * @param startAt where a target that joins later starts: an offset, or {@value #CURRENT} for wherever the stream is
 */
record FanoutSinkProperties(
        @Nullable List<String> targets, @Nullable Map<String, String> startAt) {

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
