package dev.sluice.partition;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.batch.SpoolStorage;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.commit.WriteRequest;
import dev.sluice.control.Pause;
import dev.sluice.delivery.TargetBehindException;
import dev.sluice.delivery.TargetWriter;
import dev.sluice.request.Trace;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Hands batches from one sink to another, the way that writers' batches go. */
@Component
class HandingOn implements TargetWriter {

    private static final Logger log = LoggerFactory.getLogger(HandingOn.class);

    private final SinkCatalog catalog;
    private final Partitions partitions;
    private final SpoolStorage storage;
    private final IntakeGate gate;
    private final Executor executor;

    HandingOn(
            SinkCatalog catalog,
            Partitions partitions,
            SpoolStorage storage,
            IntakeGate gate,
            Executor deliveryExecutor) {
        this.executor = deliveryExecutor;
        this.catalog = catalog;
        this.partitions = partitions;
        this.storage = storage;
        this.gate = gate;
    }

    @Override
    public boolean takes(String sink, String partition) {
        return catalog.find(sink)
                .map(target -> gate.closed(target, partition).isEmpty())
                .orElse(true);
    }

    @Override
    public long nextOffset(String sink, String partition) {
        try {
            return partitions.snapshot(definition(sink), partition).nextOffset();
        } catch (PartitionFailure e) {
            throw asSinkException(e);
        }
    }

    @Override
    public long write(String sink, String partition, SinkBatch<SinkRecord> batch) {
        try {
            return begin(sink, partition, batch).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public CompletableFuture<Long> begin(String sink, String partition, SinkBatch<SinkRecord> batch) {
        try (BatchBuilder builder = storage.newBatch(false)) {
            SinkDefinition target = definition(sink);
            gate.closed(target, partition).ifPresent(HandingOn::refuse);
            for (SinkRecord record : batch.items()) {
                byte[] value = record.toByteArray();
                builder.add(record.offset(), value, 0, value.length);
            }
            Batch copy = builder.sparse(batch.first(), batch.end());
            return partitions
                    .begin(target, partition, WriteRequest.handedOn(copy, trace(batch)))
                    .whenComplete((outcome, failure) -> copy.close())
                    .exceptionally(failure -> {
                        throw asSinkException(bare(failure));
                    })
                    .thenCompose(outcome -> answer(target, partition, outcome, batch));
        } catch (SinkException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(asSinkException(FailureClassifier.classify(e)));
        }
    }

    /* Nobody's fault, and over when whoever has paused it says so. */
    private static void refuse(Pause pause) {
        throw new SinkException(
                Disposition.BUSY,
                "the intake of '" + pause.scope().text() + "' is paused by an operator since " + pause.since() + ": "
                        + pause.reason(),
                Duration.ofSeconds(1),
                null);
    }

    private static @Nullable Trace trace(SinkBatch<SinkRecord> batch) {
        return batch.traceparent() == null ? null : Trace.of(batch.traceparent(), batch.tracestate());
    }

    private SinkDefinition definition(String sink) {
        return catalog.find(sink)
                .orElseThrow(() ->
                        new SinkException(Disposition.BROKEN, "the sink '" + sink + "' is not defined any more", null));
    }

    private CompletableFuture<Long> answer(
            SinkDefinition sink, String partition, WriteOutcome outcome, SinkBatch<SinkRecord> batch) {
        if (outcome instanceof Written written) {
            return brought(sink.id(), partition, written.nextOffset());
        }
        // In another thread: what the advice looks at waits for the lane that has just told the outcome.
        return CompletableFuture.supplyAsync(
                () -> {
                    throw refusal(sink, partition, outcome, batch);
                },
                executor);
    }

    private static CompletableFuture<Long> brought(String sink, String partition, long nextOffset) {
        log.trace("{}/{} has it, and stands at {}", sink, partition, nextOffset);
        return CompletableFuture.completedFuture(nextOffset);
    }

    private SinkException refusal(
            SinkDefinition sink, String partition, WriteOutcome outcome, SinkBatch<SinkRecord> batch) {
        if (outcome instanceof Rejected rejected) {
            return rejected.records().isEmpty()
                    ? SinkException.rejected(String.valueOf(rejected.reason()), null)
                    : SinkException.rejected(rejected.records());
        }
        if (outcome instanceof Gap gap) {
            long nextOffset = gap.current().nextOffset();
            return new TargetBehindException(
                    nextOffset,
                    "it stands at " + nextOffset + ", before the batch [" + batch.first() + ", " + batch.end()
                            + "): records that it should have had before are missing");
        }
        if (outcome instanceof Conflict conflict) {
            return broken("something else was committed there at offset " + conflict.offset()
                    + ": by another writer, which must not write there, or by a batch that some sinks of a fan-out lacked"
                    + " and that was therefore never acknowledged. Repeat that one with the same bytes"
                    + (partitions.canTakeBack(sink, partition)
                            ? takeBack(sink, partition, batch.first())
                            : "; this sink cannot take back what it has written"));
        }
        return broken("the batch was not taken: " + outcome);
    }

    private static String takeBack(SinkDefinition sink, String partition, long to) {
        boolean keepsState = sink.partitioned().stateType() != Void.class;
        return ", or take the partition back: POST /sinks/" + sink.id() + "/partitions/" + partition
                + "/open with its present \"ifFencingToken\" and \"resume\": {\"nextOffset\": " + to
                + (keepsState ? ", \"state\": the one that it had there}" : "}");
    }

    private static SinkException broken(String message) {
        return new SinkException(Disposition.BROKEN, message, null);
    }

    private static PartitionFailure bare(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RuntimeException known
                ? FailureClassifier.classify(known)
                : FailureClassifier.classify(new IllegalStateException(cause));
    }

    private static SinkException asSinkException(PartitionFailure e) {
        SinkException target = e.target();
        if (target != null) {
            return target;
        }
        Disposition disposition = switch (e.kind()) {
            case BUSY, OVERLOADED -> Disposition.BUSY;
            case STORAGE_UNAVAILABLE, TARGET_UNAVAILABLE -> Disposition.UNAVAILABLE;
            // A mistake may have been made behind the call of the target.
            case OUTCOME_UNKNOWN, PARTIAL, INTERNAL -> Disposition.OUTCOME_UNKNOWN;
            case TARGET_BROKEN -> Disposition.BROKEN;
        };
        return new SinkException(disposition, String.valueOf(e.getMessage()), e);
    }
}
