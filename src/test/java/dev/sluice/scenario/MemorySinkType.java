package dev.sluice.scenario;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SinkType;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.StatelessSinkPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A sink of somebody's own: typed records, a state, no transaction; it fails when a record tells it to. */
class MemorySinkType implements SinkType<MemorySinkType.Settings> {

    /** What was built, by "sink/partition", and with which state. */
    static final Map<String, List<@Nullable State>> BUILT = new ConcurrentHashMap<>();

    static final Map<String, List<String>> TARGET = new ConcurrentHashMap<>();
    static final AtomicInteger CLOSED = new AtomicInteger();

    record Settings(@Nullable String greeting) {
        Settings {
            if ("rude".equals(greeting)) {
                throw new IllegalArgumentException("greeting: must not be rude");
            }
        }
    }

    record State(int version, int length) {}

    @Override
    public String name() {
        return "memory";
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
    public MemorySink create(String id, List<String> partitions, Settings settings) {
        return new MemorySink(partitions);
    }

    @Override
    public DynamicSink<?> createDynamic(String id, Settings settings) {
        return new MemoryDynamicSink();
    }

    private record MemoryDynamicSink() implements DynamicSink<String> {

        @Override
        public String decode(SinkRecord record) {
            if (record.json().equals("\"never\"")) {
                throw SinkException.rejected(
                        List.of(new RejectedRecord(record.offset(), null, "never", "is never taken", null)));
            }
            return record.json();
        }

        @Override
        public StatelessSinkPartition<String> build(String stepId, int workerIndex, int workerCount) {
            String name = stepId + "/" + workerIndex + " of " + workerCount;
            return new MemoryPartition(TARGET.computeIfAbsent(name, key -> new ArrayList<>()))::writeBatch;
        }
    }

    record MemorySink(List<String> partitions) implements FixedPartitionedSink<String, State> {

        @Override
        public List<String> listParts() {
            return partitions;
        }

        @Override
        public Class<State> stateType() {
            return State.class;
        }

        @Override
        public String decode(SinkRecord record) {
            return record.json();
        }

        @Override
        public StatefulSinkPartition<String, State> buildPart(
                String stepId, String forPart, @Nullable State resumeState) {
            String name = stepId + "/" + forPart;
            BUILT.computeIfAbsent(name, key -> new ArrayList<>()).add(resumeState);
            List<String> target = TARGET.computeIfAbsent(name, key -> new ArrayList<>());
            int length = resumeState == null ? 0 : resumeState.length();
            if (target.size() < length) {
                throw new SinkException(
                        Disposition.BROKEN, "the target has " + target.size() + " items, expected " + length, null);
            }
            target.subList(length, target.size()).clear();
            return new MemoryPartition(target);
        }
    }

    private record MemoryPartition(List<String> target) implements StatefulSinkPartition<String, State> {

        @Override
        public void writeBatch(List<String> items) {
            for (String item : items) {
                target.add(item);
                switch (item) {
                    case "\"unavailable\"" -> throw new SinkException(Disposition.UNAVAILABLE, "gone fishing", null);
                    case "\"unknown\"" -> throw new SinkException(Disposition.OUTCOME_UNKNOWN, "who knows", null);
                    case "\"broken\"" -> throw new SinkException(Disposition.BROKEN, "not what it was", null);
                    case "\"refused\"" -> throw SinkException.rejected("not in this house", null);
                    case "\"bug\"" -> throw new IllegalStateException("a mistake");
                    default -> {
                        // An ordinary item.
                    }
                }
            }
        }

        @Override
        public State snapshot() {
            return new State(1, target.size());
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }
}
