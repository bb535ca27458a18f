package dev.sluice.log;

import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;

/** Records as lines {@code <sink>.worker_<i> <json>}. */
record LogDynamicSink(RecordPrinter printer) implements DynamicSink<SinkRecord> {

    @Override
    public SinkRecord decode(SinkRecord record) {
        return record;
    }

    @Override
    public StatelessSinkPartition<SinkRecord> build(String stepId, int workerIndex, int workerCount) {
        String label = stepId + ".worker_" + workerIndex + " ";
        return items -> printer.print(items, item -> label);
    }
}
