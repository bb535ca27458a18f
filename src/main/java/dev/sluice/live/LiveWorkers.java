package dev.sluice.live;

import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import dev.sluice.snapshot.PartitionKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The workers of dynamic sinks, built when first written to. The map is thread-safe, a worker is guarded by its lane. */
@Component
public class LiveWorkers implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(LiveWorkers.class);

    private record Worker<X>(DynamicSink<X> sink, StatelessSinkPartition<X> partition) {

        static <X> Worker<X> build(DynamicSink<X> sink, PartitionKey key, int workers) {
            return new Worker<>(sink, sink.build(key.sink(), Integer.parseInt(key.partition()), workers));
        }

        void write(List<SinkRecord> records) {
            partition.writeBatch(records.stream().map(sink::decode).toList());
        }
    }

    private final Map<PartitionKey, Worker<?>> workers = new ConcurrentHashMap<>();

    /** Hands records to a worker, which is dropped if it fails. */
    public void write(DynamicSink<?> sink, PartitionKey key, int workerCount, List<SinkRecord> records) {
        Worker<?> worker = workers.get(key);
        if (worker == null || worker.sink() != sink) {
            discard(key);
            worker = Worker.build(sink, key, workerCount);
            workers.put(key, worker);
        }
        boolean done = false;
        try {
            worker.write(records);
            done = true;
        } finally {
            if (!done) {
                discard(key);
            }
        }
    }

    /** Returns the workers that are in memory now. */
    public List<PartitionKey> inMemory() {
        return List.copyOf(workers.keySet());
    }

    /** Drops a worker. */
    public void discard(PartitionKey key) {
        Worker<?> worker = workers.remove(key);
        if (worker != null) {
            try {
                worker.partition().close();
            } catch (RuntimeException e) {
                log.warn("Worker {} could not be closed properly", key, e);
            }
        }
    }

    @Override
    public void destroy() {
        inMemory().forEach(this::discard);
    }
}
