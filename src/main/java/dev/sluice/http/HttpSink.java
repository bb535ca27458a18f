package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.RawSink;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Batches as requests, numbered by their offsets. */
final class HttpSink implements RawSink {

    private final List<String> partitions;
    private final HttpSinkProperties settings;
    private final Target target;

    HttpSink(List<String> partitions, HttpSinkProperties settings, Target target) {
        this.partitions = List.copyOf(partitions);
        this.settings = settings;
        this.target = target;
    }

    @Override
    public void prepare() {
        target.prepare();
    }

    @Override
    public void verify() {
        verify(target);
    }

    static void verify(Target target) {
        target.breaker().open().ifPresent(left -> {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    "the circuit breaker is open: too many tries failed, the last one at "
                            + target.breaker().lastFailure(),
                    left,
                    null);
        });
        target.breaker().refusal().ifPresent(reason -> {
            throw new SinkException(
                    Disposition.UNAVAILABLE, "the target takes nothing; its last answer: " + reason, null);
        });
    }

    @Override
    public Map<String, Object> status() {
        return target.breaker().status();
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(
            String stepId, String forPart, @Nullable Void resumeState) {
        return new HttpSinkPartition(
                stepId + "/" + forPart, settings.address().of(forPart), settings.envelope(), target);
    }
}
