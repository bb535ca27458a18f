package dev.sluice.log;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkPartitionContract;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

class LogSinkContractTests extends SinkPartitionContract<SinkRecord, Void>
        implements SinkPartitionContract.Target<SinkRecord, Void> {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @Override
    protected Target<SinkRecord, Void> target() {
        return this;
    }

    @Override
    protected boolean forgets() {
        return false;
    }

    @Override
    public FixedPartitionedSink<SinkRecord, Void> sink() {
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        return new LogSinkType(out).create("contract", List.of("0", "1"), new LogSinkProperties());
    }

    @Override
    public void commit(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work) {
        work.run();
    }

    @Override
    public void lose(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work) {
        work.run();
    }

    @Override
    public List<String> stored(String partition) {
        String prefix = "contract/" + partition + " ";
        return output.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.replaceFirst("\\S+ \\d+ ", ""))
                .toList();
    }
}
