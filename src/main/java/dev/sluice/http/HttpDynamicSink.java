package dev.sluice.http;

import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.RetryingSink;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Requests without offsets: only the tries of one call have the same key. */
record HttpDynamicSink(HttpSinkProperties settings, Target target) implements DynamicSink<SinkRecord>, RetryingSink {

    @Override
    public void checkNew() {
        target.refuseHost();
    }

    @Override
    public void prepare() {
        target.prepare();
    }

    @Override
    public void verify() {
        HttpSink.verify(target);
    }

    @Override
    public Map<String, Object> status() {
        return target.status();
    }

    @Override
    public void tryNow() {
        target.breaker().tryNow();
    }

    @Override
    public SinkRecord decode(SinkRecord record) {
        return record;
    }

    @Override
    public StatelessSinkPartition<SinkRecord> build(String stepId, int workerIndex, int workerCount) {
        Place address = settings.address().of(Integer.toString(workerIndex));
        return items -> send(address, stepId + ".worker_" + workerIndex, items);
    }

    private void send(Place address, String worker, List<SinkRecord> items) {
        if (!items.isEmpty()) {
            SinkBatch<SinkRecord> batch = new SinkBatch<>(0, items.size(), items);
            target.send(new Message(
                    address,
                    items.size() + " records of " + worker,
                    UUID.randomUUID().toString(),
                    batch,
                    settings.envelope().body(batch)));
        }
    }
}
