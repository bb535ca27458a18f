package dev.sluice.partition;

import dev.sluice.commit.CopyListener;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.snapshot.PartitionKey;
import org.springframework.stereotype.Component;

/** Counts and reports batches that a fan-out wrote in its own transaction as those that come through a lane. */
@Component
class CopyReport implements CopyListener {

    private final WriteCounters counters;
    private final OutcomeReport report;

    CopyReport(WriteCounters counters, OutcomeReport report) {
        this.counters = counters;
        this.report = report;
    }

    @Override
    public void written(PartitionKey key, Written outcome) {
        counters.count(key, outcome);
        report.answered(key, outcome);
    }
}
