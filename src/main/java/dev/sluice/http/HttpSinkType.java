package dev.sluice.http;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** {@code type: http}. */
@Component
class HttpSinkType implements SinkType<HttpSinkProperties>, DisposableBean {

    private final Waiting waiting;
    private final Connections connections;
    private final MeterRegistry meters;
    private final @Nullable Tracer tracer;
    private final Underway underway = new Underway();

    @Autowired
    HttpSinkType(MeterRegistry meters, ObjectProvider<Tracer> tracer) {
        this(new Connections(), meters, tracer.getIfAvailable());
    }

    private HttpSinkType(Connections connections, MeterRegistry meters, @Nullable Tracer tracer) {
        this(Waiting.system(connections), connections, meters, tracer);
    }

    HttpSinkType(Waiting waiting, Connections connections, MeterRegistry meters, @Nullable Tracer tracer) {
        this.tracer = tracer;
        this.waiting = waiting;
        this.connections = connections;
        this.meters = meters;
    }

    @Override
    public void destroy() {
        underway.close();
        connections.close();
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Class<HttpSinkProperties> settingsType() {
        return HttpSinkProperties.class;
    }

    /** Between two Sluices, exactly-once ends at the other's partition: what it does from there is its guarantee. */
    @Override
    public Guarantee guarantee(HttpSinkProperties settings) {
        if (settings.envelope() == Envelope.SLUICE) {
            return Guarantee.EXACTLY_ONCE;
        }
        return settings.targetHonoursKey() ? Guarantee.EFFECTIVELY_ONCE : Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public boolean takesAnyOrder(HttpSinkProperties settings) {
        return settings.envelope() != Envelope.SLUICE;
    }

    @Override
    public Optional<String> keepsFromDeadLetters(HttpSinkProperties settings) {
        if (settings.envelope() == Envelope.SLUICE) {
            return Optional.of("is not for envelope: sluice, or the two partitions would go apart: the other Sluice"
                    + " settles what it refuses, by on-rejected of its own sink");
        }
        return settings.targetHonoursKey()
                ? Optional.empty()
                : Optional.of("goes with target-honours-key: true only: a target that does not recognise a repetition"
                        + " may have processed what it refuses when it comes again");
    }

    @Override
    public HttpSink create(String id, List<String> partitions, HttpSinkProperties settings) {
        if (settings.envelope() == Envelope.SLUICE
                && partitions.size() > 1
                && !settings.address().namesPartition()) {
            throw new IllegalArgumentException("url: with envelope: sluice it must contain {partition}, or "
                    + partitions.size() + " partitions would write into one, like"
                    + " http://host:8080/sinks/events/partitions/{partition}");
        }
        return new HttpSink(partitions, settings, target(id, settings));
    }

    @Override
    public HttpDynamicSink createDynamic(String id, HttpSinkProperties settings) {
        if (settings.envelope() == Envelope.SLUICE) {
            throw new IllegalArgumentException("envelope: sluice tells the other Sluice offsets, which workers do not"
                    + " have; give this sink partitions, or another envelope");
        }
        return new HttpDynamicSink(settings, target(id, settings));
    }

    private Target target(String id, HttpSinkProperties settings) {
        return new Target(settings, waiting, connections, underway, new Tries(meters, tracer, id));
    }
}
