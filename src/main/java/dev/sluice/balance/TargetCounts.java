package dev.sluice.balance;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.ReadableLines;
import dev.sluice.sink.ReadableRows;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Counts what targets have themselves. */
@Component
class TargetCounts {

    private static final String TARGET = "target";

    private final JsonMapper json;

    TargetCounts(JsonMapper json) {
        this.json = json;
    }

    Comparison of(SinkDefinition sink, PartitionKey key, Snapshot row, long written, Connection transaction) {
        requireReadable(sink, List.of("receipts", "balance"));
        if (sink.sink() instanceof ReadableRows rows) {
            long found = rows.countRows(transaction, List.of(key.partition()), row.recordsFrom());
            return Comparison.exact(TARGET, written, found);
        }
        long[] lines = {0};
        read(sink.partitioned(), key, row.state(), line -> {
            lines[0]++;
            return true;
        });
        return Comparison.of(TARGET, written, lines[0], 0, row.recordsFrom());
    }

    /** Reads the lines that a partition has at a state. */
    <S> void read(
            FixedPartitionedSink<?, S> sink,
            PartitionKey key,
            @Nullable String state,
            ReadableLines.LineVisitor visitor) {
        S at = state == null ? null : json.readValue(state, sink.stateType());
        @SuppressWarnings("unchecked") // the sink's own state
        ReadableLines<S> lines = (ReadableLines<S>) sink;
        lines.readLines(key.partition(), at, visitor);
    }

    /** Throws a problem that says what can be proved instead, if a target cannot be read back. */
    void requireReadable(SinkDefinition sink, List<String> instead) {
        unreadable(sink).ifPresent(reason -> {
            throw Problem.of(
                            ProblemType.NOT_VERIFIABLE,
                            "what the target of sink '" + sink.id() + "' has cannot be compared: " + reason
                                    + "; what there is are " + String.join(" and ", instead)
                                    + (instead.contains("balance") ? " (GET …/receipts, GET …/balance)" : ""))
                    .with("sink", sink.id())
                    .with("proved", "nothing")
                    .exception();
        });
    }

    private static Optional<String> unreadable(SinkDefinition sink) {
        if (!sink.targets().isEmpty()) {
            return Optional.of("it is made of other sinks, so ask for those: " + String.join(", ", sink.targets()));
        }
        if (sink.sink() instanceof ReadableRows rows) {
            return rows.untold();
        }
        return sink.sink() instanceof ReadableLines<?>
                ? Optional.empty()
                : Optional.of("nobody can read back what a target of type '" + sink.type() + "' was sent");
    }
}
