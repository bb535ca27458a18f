package dev.sluice.delivery;

import dev.sluice.sink.Engine;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** {@code type: batching}. */
@Component
class BatchingSinkType implements CompositeSinkType<BatchingSinkProperties> {

    private final Flusher flusher;
    private final Engine engine;

    BatchingSinkType(Flusher flusher, Engine engine) {
        this.flusher = flusher;
        this.engine = engine;
    }

    @Override
    public String name() {
        return "batching";
    }

    @Override
    public Class<BatchingSinkProperties> settingsType() {
        return BatchingSinkProperties.class;
    }

    @Override
    public List<String> targets(BatchingSinkProperties settings) {
        return List.of(Objects.requireNonNull(settings.target()));
    }

    @Override
    public Guarantee guarantee(BatchingSinkProperties settings, List<Target> targets) {
        return targets.get(0).guarantee();
    }

    @Override
    public FixedPartitionedSink<?, ?> create(String id, BatchingSinkProperties settings, List<Target> targets) {
        return new BufferSink(id, targets.get(0), settings, flusher, engine);
    }
}
