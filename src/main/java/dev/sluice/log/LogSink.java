package dev.sluice.log;

import dev.sluice.sink.RawSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as lines {@code <sink>/<partition> <offset> <json>}. */
final class LogSink implements RawSink {

    private final List<String> partitions;
    private final RecordPrinter printer;

    LogSink(List<String> partitions, RecordPrinter printer) {
        this.partitions = List.copyOf(partitions);
        this.printer = printer;
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(
            String stepId, String forPart, @Nullable Void resumeState) {
        return new LogSinkPartition(stepId + "/" + forPart, printer);
    }
}
