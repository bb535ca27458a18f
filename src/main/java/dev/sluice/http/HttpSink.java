package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.LateSink;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.RawSink;
import dev.sluice.sink.RetryingSink;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Batches as requests, numbered by their offsets. */
final class HttpSink implements RawSink, LateSink, RetryingSink {

    private final List<String> partitions;
    private final HttpSinkProperties settings;
    private final Target target;

    HttpSink(List<String> partitions, HttpSinkProperties settings, Target target) {
        this.partitions = List.copyOf(partitions);
        this.settings = settings;
        this.target = target;
    }

    @Override
    public void checkNew() {
        target.refuseHost();
    }

    @Override
    public void prepare() {
        target.prepare();
    }

    /* A query may hold a key, which may change; where the records go is told by the rest. */
    @Override
    public void recognise(Optional<String> known) {
        String named = settings.address().toString();
        known.filter(url -> !url.equals(named)).ifPresent(url -> {
            throw new LostTargetException(
                    Loss.REPLACED,
                    "acknowledged records went to " + url + ", but url names " + named
                            + " now, which has none of them. Set url to the former one; or, if the new one shall go on"
                            + " from the offsets that the former one had, accept that by the name "
                            + Loss.REPLACED.label());
        });
        prepare();
    }

    @Override
    public Optional<String> identity() {
        return Optional.of(settings.address().toString());
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
        return target.status();
    }

    @Override
    public void tryNow() {
        target.breaker().tryNow();
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public boolean groups() {
        return true;
    }

    @Override
    public void sendLate(String stepId, String forPart, long life, SinkRecord record, int revision) {
        String name = stepId + "/" + forPart;
        new HttpSinkPartition(name, settings.address().of(forPart), settings.envelope(), target)
                .sendLate(record, life, revision);
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(
            String stepId, String forPart, @Nullable Void resumeState) {
        return new HttpSinkPartition(
                stepId + "/" + forPart, settings.address().of(forPart), settings.envelope(), target);
    }
}
