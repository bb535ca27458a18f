package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.batch.Batch;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a batch that is committed.
 *
 * @param deliveredOffset how far the target is, where accepting and delivering are two things
 * @param verified false where a duplicate could not be compared, because its receipt was pruned; absent without any
 * @param snapshot the last committed one of the partition, where it was asked for
 * @param dryRun true if everything was rolled back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WriteAnswer(
        String sink,
        String partition,
        String status,
        long offset,
        long end,
        long written,
        long duplicates,
        long deadLettered,
        long nextOffset,
        long fencingToken,
        long version,
        @Nullable Long deliveredOffset,
        String guarantee,
        @Nullable Boolean verified,
        @Nullable SnapshotAnswer snapshot,
        @Nullable Boolean dryRun) {

    static WriteAnswer of(
            SinkDefinition sink,
            String partition,
            Batch batch,
            Written outcome,
            @Nullable Long deliveredOffset,
            @Nullable SnapshotAnswer snapshot,
            boolean dryRun) {
        return new WriteAnswer(
                sink.id(),
                partition,
                outcome.status().name().toLowerCase(Locale.ROOT),
                batch.first(),
                batch.end(),
                outcome.written(),
                outcome.duplicates(),
                outcome.deadLettered(),
                outcome.nextOffset(),
                outcome.fencingToken(),
                outcome.version(),
                deliveredOffset,
                sink.guarantee().text(),
                outcome.status() == Status.COMMITTED ? null : outcome.verified(),
                snapshot,
                dryRun ? true : null);
    }
}
