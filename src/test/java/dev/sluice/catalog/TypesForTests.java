package dev.sluice.catalog;

import dev.sluice.definition.SinkTypes;
import dev.sluice.delivery.CompositeSinkType;
import dev.sluice.delivery.Target;
import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SinkType;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.StatelessSinkPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** Sink types that write nowhere. */
final class TypesForTests {

    private TypesForTests() {}

    static SinkTypes types() {
        return new SinkTypes(List.of(new PlainType()), List.of(new CopyType()));
    }

    enum Colour {
        RED,
        GREEN
    }

    record Retry(
            @DefaultValue("3") int attempts,
            @DefaultValue("1s") Duration delay) {
        Retry {
            if (attempts < 1) {
                throw new IllegalArgumentException("attempts: must be 1 or more");
            }
        }
    }

    record PlainSettings(
            @DefaultValue("10") int batchSize,
            @DefaultValue("1MB") DataSize bytes,
            @DefaultValue("red") Colour colour,
            @Nullable List<Duration> delays,
            @Nullable Map<String, Integer> weights,
            @Nullable Retry retry,
            @Secret @Nullable String token,
            @Secret @Nullable Map<String, String> headers,
            @LocalOnly @Nullable String passwordFile,
            @DefaultValue("false") boolean unordered) {
        PlainSettings {
            if (batchSize < 1) {
                throw new IllegalArgumentException("batch-size must be 1 or more");
            }
            if ("guess-me".equals(token)) {
                throw new IllegalArgumentException("token: '" + token + "' can be guessed");
            }
        }
    }

    static final class PlainType implements SinkType<PlainSettings> {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public Class<PlainSettings> settingsType() {
            return PlainSettings.class;
        }

        @Override
        public Guarantee guarantee(PlainSettings settings) {
            return settings.unordered() ? Guarantee.AT_LEAST_ONCE : Guarantee.EXACTLY_ONCE;
        }

        @Override
        public boolean takesAnyOrder(PlainSettings settings) {
            return settings.unordered();
        }

        @Override
        public FixedPartitionedSink<?, ?> create(String id, List<String> partitions, PlainSettings settings) {
            return new Parts(partitions);
        }

        @Override
        public DynamicSink<?> createDynamic(String id, PlainSettings settings) {
            return new Workers();
        }
    }

    record CopySettings(String target, @DefaultValue List<String> others) {}

    static final class CopyType implements CompositeSinkType<CopySettings> {
        @Override
        public String name() {
            return "copy";
        }

        @Override
        public Class<CopySettings> settingsType() {
            return CopySettings.class;
        }

        @Override
        public List<String> targets(CopySettings settings) {
            return java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(settings.target()), settings.others().stream())
                    .toList();
        }

        @Override
        public Guarantee guarantee(CopySettings settings, List<Target> targets) {
            return targets.get(0).guarantee();
        }

        @Override
        public FixedPartitionedSink<?, ?> create(String id, CopySettings settings, List<Target> targets) {
            return new Parts(targets.get(0).partitions());
        }
    }

    record Parts(List<String> listParts) implements FixedPartitionedSink<SinkRecord, Void> {
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
            throw new UnsupportedOperationException();
        }
    }

    static final class Workers implements DynamicSink<SinkRecord> {
        @Override
        public SinkRecord decode(SinkRecord record) {
            return record;
        }

        @Override
        public StatelessSinkPartition<SinkRecord> build(String stepId, int workerIndex, int workerCount) {
            throw new UnsupportedOperationException();
        }
    }
}
