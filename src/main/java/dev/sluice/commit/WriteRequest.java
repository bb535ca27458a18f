package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.request.Trace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A batch for a partition, with what the writer said about it.
 *
 * @param fencingToken the writer's token, null if it sent none
 * @param sender whose token it has to be, null where nobody has to say who they are
 * @param trusted whether it comes from another sink of this service, which is fenced by its own token
 * @param dryRun do everything, then roll back
 * @param strict whether a refused record stops it, whatever the sink's definition says
 * @param patience how long the batch may wait for its predecessor instead of being answered with a gap
 * @param trace that it belongs to, null if that is none
 */
public record WriteRequest(
        Batch batch,
        @Nullable Long fencingToken,
        @Nullable String sender,
        boolean trusted,
        boolean dryRun,
        boolean strict,
        Duration patience,
        @Nullable Trace trace) {

    /** Makes the request for a batch that another sink hands on. */
    public static WriteRequest handedOn(Batch batch, @Nullable Trace trace) {
        return new WriteRequest(batch, null, null, true, false, false, Duration.ZERO, trace);
    }
}
