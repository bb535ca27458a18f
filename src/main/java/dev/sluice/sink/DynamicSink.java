package dev.sluice.sink;

/**
 * A sink whose partitions are interchangeable workers without a memory: what they are handed is delivered at least
 * once, in no particular order. The interface is that of Bytewax's {@code DynamicSink}.
 *
 * @param <X> what a worker is handed for each record: {@link SinkRecord}, or a type of the sink's own
 */
public non-sealed interface DynamicSink<X> extends Sink {

    /** Turns a record into what the worker is handed, or throws {@link SinkException#rejected}. */
    X decode(SinkRecord record);

    /**
     * Builds one worker.
     *
     * @param stepId the sink's id
     * @param workerIndex 0 … {@code workerCount} − 1
     */
    StatelessSinkPartition<X> build(String stepId, int workerIndex, int workerCount);
}
