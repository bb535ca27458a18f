package dev.sluice.scenario;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SinkType;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A sink whose target hangs when it is looked at, until it is released. */
class HangingSinkType implements SinkType<HangingSinkType.Settings> {

    static final CountDownLatch RELEASED = new CountDownLatch(1);
    static final AtomicInteger LOOKS = new AtomicInteger();

    record Settings() {}

    @Override
    public String name() {
        return "hanging";
    }

    @Override
    public Class<Settings> settingsType() {
        return Settings.class;
    }

    @Override
    public Guarantee guarantee(Settings settings) {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public HangingSink create(String id, List<String> partitions, Settings settings) {
        return new HangingSink(partitions);
    }

    record HangingSink(List<String> partitions) implements FixedPartitionedSink<SinkRecord, Void> {

        @Override
        public List<String> listParts() {
            return partitions;
        }

        @Override
        public Class<Void> stateType() {
            return Void.class;
        }

        @Override
        public SinkRecord decode(SinkRecord record) {
            return record;
        }

        @Override
        public void verify() {
            LOOKS.incrementAndGet();
            try {
                RELEASED.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public StatefulSinkPartition<SinkRecord, Void> buildPart(
                String stepId, String forPart, @Nullable Void resumeState) {
            return new Nothing();
        }
    }

    private record Nothing() implements StatefulSinkPartition<SinkRecord, Void> {

        @Override
        public void writeBatch(List<SinkRecord> items) {}

        @Override
        public @Nullable Void snapshot() {
            return null;
        }
    }
}
