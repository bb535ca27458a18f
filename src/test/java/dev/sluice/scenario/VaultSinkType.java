package dev.sluice.scenario;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SinkType;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.StatelessSinkPartition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A sink with secrets whose target may be out of reach; it swallows what it is handed. */
class VaultSinkType implements SinkType<VaultSinkType.Settings> {

    /** The doors that nobody can open at the moment. */
    static final Set<String> SHUT = ConcurrentHashMap.newKeySet();

    static final AtomicInteger PREPARED = new AtomicInteger();
    static final AtomicInteger CLOSED = new AtomicInteger();

    /** What part_fn adds to every key's hash: another version of the type would. */
    static volatile int shift;

    record Settings(
            @Nullable String door,
            @Secret @Nullable String token,
            @Secret @Nullable Map<String, String> headers,
            @LocalOnly @Nullable String tokenFile) {}

    @Override
    public String name() {
        return "vault";
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
    public FixedPartitionedSink<?, ?> create(String id, List<String> partitions, Settings settings) {
        return new Vault(List.copyOf(partitions), settings, shift);
    }

    @Override
    public DynamicSink<?> createDynamic(String id, Settings settings) {
        return new Workers();
    }

    private static final class Workers implements DynamicSink<SinkRecord> {

        @Override
        public SinkRecord decode(SinkRecord record) {
            return record;
        }

        @Override
        public StatelessSinkPartition<SinkRecord> build(String stepId, int workerIndex, int workerCount) {
            return items -> {};
        }
    }

    private record Vault(List<String> listParts, Settings settings, int added)
            implements FixedPartitionedSink<SinkRecord, Void> {

        @Override
        public void prepare() {
            PREPARED.incrementAndGet();
            if (settings.door() != null && SHUT.contains(settings.door())) {
                throw new SinkException(
                        Disposition.UNAVAILABLE, "the door does not open with token " + settings.token(), null);
            }
            if ("painted".equals(settings.door())) {
                throw new SinkException(Disposition.BROKEN, "that is no door, whatever " + settings.token(), null);
            }
        }

        @Override
        public int partFn(String itemKey) {
            return FixedPartitionedSink.super.partFn(itemKey) + added;
        }

        @Override
        public Map<String, Object> status() {
            return Map.of("door", settings.door() == null ? "none" : settings.door());
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
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
        public StatefulSinkPartition<SinkRecord, Void> buildPart(
                String stepId, String forPart, @Nullable Void resumeState) {
            return new StatefulSinkPartition<>() {
                @Override
                public void writeBatch(List<SinkRecord> items) {
                    // Nobody looks.
                }

                @Override
                public @Nullable Void snapshot() {
                    return null;
                }
            };
        }
    }
}
