package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.sink.Guarantee;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a batch that a worker has delivered; it has no position.
 *
 * @param dryRun true if nothing was written
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WorkerAnswer(
        String sink,
        String partition,
        String status,
        long written,
        String guarantee,
        @Nullable Boolean dryRun) {

    static WorkerAnswer of(SinkDefinition sink, String worker, Written outcome, boolean dryRun) {
        return new WorkerAnswer(
                sink.id(), worker, "written", outcome.written(), Guarantee.AT_LEAST_ONCE.text(), dryRun ? true : null);
    }
}
