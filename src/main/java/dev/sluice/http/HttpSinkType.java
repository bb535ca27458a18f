package dev.sluice.http;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.Reach;
import dev.sluice.sink.SinkType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** {@code type: http}. */
@Component
@EnableConfigurationProperties(HttpProperties.class)
class HttpSinkType implements SinkType<HttpSinkProperties>, DisposableBean {

    private final Waiting waiting;
    private final Connections connections;
    private final Connections confined;
    private final HttpProperties properties;
    private final MeterRegistry meters;
    private final @Nullable Tracer tracer;
    private final Underway underway = new Underway();

    @Autowired
    HttpSinkType(
            MeterRegistry meters,
            ObjectProvider<Tracer> tracer,
            HttpProperties properties,
            ObjectProvider<DnsResolver> names) {
        this(
                new Connections(),
                new Connections(new ConfinedResolver(
                        names.getIfAvailable(() -> SystemDefaultDnsResolver.INSTANCE), properties.allowed())),
                properties,
                meters,
                tracer.getIfAvailable());
    }

    private HttpSinkType(
            Connections connections,
            Connections confined,
            HttpProperties properties,
            MeterRegistry meters,
            @Nullable Tracer tracer) {
        this.tracer = tracer;
        this.waiting = Waiting.system(connections);
        this.connections = connections;
        this.confined = confined;
        this.properties = properties;
        this.meters = meters;
    }

    /** Makes one whose sinks may call any address. */
    HttpSinkType(Waiting waiting, Connections connections, MeterRegistry meters, @Nullable Tracer tracer) {
        this.tracer = tracer;
        this.waiting = waiting;
        this.connections = connections;
        this.confined = connections;
        this.properties = new HttpProperties(null);
        this.meters = meters;
    }

    @Override
    public void destroy() {
        underway.close();
        connections.close();
        confined.close();
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
        return create(id, partitions, settings, Reach.ANYWHERE);
    }

    @Override
    public HttpSink create(String id, List<String> partitions, HttpSinkProperties settings, Reach reach) {
        if (settings.envelope() == Envelope.SLUICE
                && partitions.size() > 1
                && !settings.address().namesPartition()) {
            throw new IllegalArgumentException("url: with envelope: sluice it must contain {partition}, or "
                    + partitions.size() + " partitions would write into one, like"
                    + " http://host:8080/sinks/events/partitions/{partition}");
        }
        return new HttpSink(partitions, settings, target(id, settings, reach));
    }

    @Override
    public HttpDynamicSink createDynamic(String id, HttpSinkProperties settings) {
        return createDynamic(id, settings, Reach.ANYWHERE);
    }

    @Override
    public HttpDynamicSink createDynamic(String id, HttpSinkProperties settings, Reach reach) {
        if (settings.envelope() == Envelope.SLUICE) {
            throw new IllegalArgumentException("envelope: sluice tells the other Sluice offsets, which workers do not"
                    + " have; give this sink partitions, or another envelope");
        }
        return new HttpDynamicSink(settings, target(id, settings, reach));
    }

    private Target target(String id, HttpSinkProperties settings, Reach reach) {
        boolean bound = reach.bounds(properties.allow(), List.of()).isPresent();
        Target target =
                new Target(settings, waiting, bound ? confined : connections, underway, new Tries(meters, tracer, id));
        target.refuseNumericHost();
        return target;
    }
}
