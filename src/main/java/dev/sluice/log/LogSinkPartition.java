package dev.sluice.log;

import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One partition's lines. What has been printed cannot be taken back, so there is no state. */
record LogSinkPartition(String name, RecordPrinter printer) implements StatefulSinkPartition<SinkRecord, Void> {

    @Override
    public void writeBatch(List<SinkRecord> items) {
        printer.print(items, item -> name + " " + item.offset() + " ");
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }
}
