package dev.sluice.http;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkPartitionContract;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class HttpSinkContractIT extends SinkPartitionContract<SinkRecord, Void>
        implements SinkPartitionContract.Target<SinkRecord, Void> {

    private final Receiver receiver = Receiver.honouringKeys();

    @AfterEach
    void close() {
        receiver.close();
    }

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
        return new Sending("url=" + receiver.url("/"), "envelope=ndjson").sink();
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
        return receiver.effects().stream().flatMap(body -> body.lines()).toList();
    }
}
