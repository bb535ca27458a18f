package dev.sluice.scenario;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.RawSink;
import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SinkType;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** {@code type: watched}: keeps nothing, and counts how often it is read; each record is its offset. */
final class WatchedSinkType implements SinkType<WatchedSinkType.Settings> {

    static final AtomicInteger READS = new AtomicInteger();

    record Settings() {}

    @Override
    public String name() {
        return "watched";
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
    public Watched create(String id, List<String> partitions, Settings settings) {
        return new Watched(partitions);
    }

    record Watched(List<String> partitions) implements RawSink, ReadableSink {

        @Override
        public List<String> listParts() {
            return partitions;
        }

        @Override
        public boolean readable() {
            return true;
        }

        @Override
        public List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most) {
            READS.incrementAndGet();
            return positions.stream()
                    .map(from -> LongStream.range(from, end)
                            .mapToObj(offset -> new Excerpt(offset, offset, Long.toString(offset), 1, true))
                            .toList())
                    .toList();
        }

        @Override
        public StatefulSinkPartition<SinkRecord, Void> buildPart(
                String stepId, String forPart, @Nullable Void resumeState) {
            return new StatefulSinkPartition<>() {
                @Override
                public void writeBatch(List<SinkRecord> items) {
                    // Kept nowhere.
                }

                @Override
                public @Nullable Void snapshot() {
                    return null;
                }

                @Override
                public void close() {
                    // Holds nothing.
                }
            };
        }
    }
}
