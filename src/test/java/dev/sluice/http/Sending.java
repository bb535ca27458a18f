package dev.sluice.http;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.sink.OutboundPartition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** An HTTP sink named "orders" as configured, in a time that passes only by its pauses. Used by one thread. */
final class Sending {

    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private static final Connections CONNECTIONS = new Connections();
    final List<Duration> waits = new ArrayList<>();
    double random = 1;
    /* In place of the next pause's end. */
    Runnable atPause = () -> {};
    boolean pausesEnd = true;
    Duration oversleeping = Duration.ZERO;
    private volatile Instant now = START;
    private final HttpSinkType type = new HttpSinkType(
            new Waiting(new MovingClock(), this::pause, () -> random), CONNECTIONS, new SimpleMeterRegistry(), null);
    private final HttpSinkProperties settings;
    private final HttpSink sink;

    Sending(String... settings) {
        this.settings = bind(settings);
        this.sink = type.create("orders", List.of("p:1"), this.settings);
    }

    /** Binds "key=value" as the service does. */
    static HttpSinkProperties bind(String... settings) {
        Map<String, String> properties = new HashMap<>(Map.of("x.type", "http"));
        for (String setting : settings) {
            properties.put(
                    "x." + setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("x", Bindable.of(HttpSinkProperties.class));
    }

    static SinkRecord record(long offset, String json) {
        return new SinkRecord(offset, json.getBytes(StandardCharsets.UTF_8));
    }

    HttpSink sink() {
        return sink;
    }

    HttpDynamicSink workers() {
        return type.createDynamic("orders", settings);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    private Future<?> pause(Duration time, Runnable end) {
        if (!pausesEnd) {
            atPause.run();
            return new CompletableFuture<>();
        }
        waits.add(time);
        pass(time.plus(oversleeping));
        end.run();
        return CompletableFuture.completedFuture(null);
    }

    StatefulSinkPartition<SinkRecord, Void> partition() {
        return sink.buildPart("orders", "p:1", null);
    }

    void send(long first, long end, SinkRecord... records) {
        @SuppressWarnings("unchecked") // a partition's capabilities are of the partition's own types
        OutboundPartition<SinkRecord> outbound = (OutboundPartition<SinkRecord>) partition();
        outbound.send(new SinkBatch<>(first, end, List.of(records)));
    }

    /** Sends one record at offset 7. */
    void sendOne() {
        send(7, 8, record(7, "{\"a\":1}"));
    }

    /** Sends one record, which fails. */
    SinkException failToSendOne() {
        return catchThrowableOfType(SinkException.class, this::sendOne);
    }

    private final class MovingClock extends Clock {

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
