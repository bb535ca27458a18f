package dev.sluice.delivery;

import dev.sluice.meter.Meters;
import dev.sluice.meter.PerSink;
import dev.sluice.meter.SinkTags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Counts what buffers hand on to their targets. Thread-safe. */
@Component
class DeliveryMeters {

    private record OfSink(Timer delivered, Timer failed) {}

    private final PerSink<OfSink> sinks;

    DeliveryMeters(Meters meters) {
        this.sinks =
                meters.perSink(sink -> new OfSink(timer(meters, sink, "delivered"), timer(meters, sink, "failed")));
    }

    private static Timer timer(Meters meters, String sink, String result) {
        return Timer.builder("sluice.delivery")
                .description("Batches that a buffer has handed on to its target, until that had them or not")
                .tags(SinkTags.SINK, sink, "result", result)
                .register(meters.registry());
    }

    /** A target has a batch, or has failed to take it. */
    void ended(String sink, boolean delivered, long begunAt) {
        OfSink meters = sinks.of(sink);
        (delivered ? meters.delivered : meters.failed).record(System.nanoTime() - begunAt, TimeUnit.NANOSECONDS);
    }
}
