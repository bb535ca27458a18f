package dev.sluice.partition;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.Refusals;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.live.LiveWorkers;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Writes to sinks that keep no positions: at least once, one batch at a time for each worker. */
@Component
public class Workers {

    private static final int RECORDS_AT_A_TIME = 10_000;
    private static final long BYTES_AT_A_TIME = 4 << 20;

    private final Lanes lanes;
    private final LiveWorkers live;
    private final WriteCounters counters;
    private final OutcomeReport report;

    Workers(Lanes lanes, LiveWorkers live, WriteCounters counters, OutcomeReport report) {
        this.lanes = lanes;
        this.live = live;
        this.counters = counters;
        this.report = report;
    }

    /** Writes a batch: {@link Written}, whose positions mean nothing, or {@link Rejected}. */
    public WriteOutcome write(SinkDefinition sink, String worker, Batch batch, boolean dryRun) {
        PartitionKey key = new PartitionKey(sink.id(), worker);
        try {
            Refusals refusals = Refusals.of(sink.workers()::decode, batch);
            WriteOutcome outcome;
            if (refusals.count() > 0) {
                outcome = new Rejected(
                        refusals.listed(), refusals.count() == refusals.listed().size(), null);
            } else if (dryRun) {
                outcome = written(batch);
            } else {
                outcome = lanes.of(key).run(() -> writeAll(sink, key, batch));
            }
            if (!dryRun) {
                counters.count(key, outcome);
                report.answered(key, outcome);
            }
            return outcome;
        } catch (RuntimeException e) {
            counters.countFailure(key);
            PartitionFailure failure = FailureClassifier.classify(e);
            report.failed(key, failure);
            throw failure;
        }
    }

    private WriteOutcome writeAll(SinkDefinition sink, PartitionKey key, Batch batch) {
        BatchReader reader = batch.reader();
        List<SinkRecord> piece = new ArrayList<>();
        long bytes = 0;
        boolean begun = false;
        try {
            while (reader.next()) {
                if (piece.size() >= RECORDS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
                    live.write(sink.workers(), key, sink.partitions().size(), piece);
                    begun = true;
                    piece = new ArrayList<>();
                    bytes = 0;
                }
                piece.add(reader.record());
                bytes += reader.length();
            }
            if (!piece.isEmpty()) {
                live.write(sink.workers(), key, sink.partitions().size(), piece);
            }
            return written(batch);
        } catch (SinkException e) {
            return refused(e, begun);
        }
    }

    private static Rejected refused(SinkException e, boolean begun) {
        if (begun) {
            throw new SinkException(
                    Disposition.OUTCOME_UNKNOWN,
                    "a part of the batch was delivered before the target failed: " + e.getMessage(),
                    e.retryAfter(),
                    e);
        }
        if (e.disposition() != Disposition.REJECTED) {
            throw e;
        }
        return new Rejected(e.rejected(), true, e.rejected().isEmpty() ? e.getMessage() : null);
    }

    private static Written written(Batch batch) {
        return new Written(Status.COMMITTED, batch.count(), 0, 0, true, 0, 0, 0, null);
    }
}
