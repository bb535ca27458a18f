package dev.sluice.admission;

import dev.sluice.meter.Meters;
import dev.sluice.meter.SinkTags;
import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is counted of a sink's requests.
 *
 * @param received bytes of their bodies
 * @param refused how many were refused, by the bound that they met
 */
record AdmissionMeters(Counter received, Map<String, Counter> refused) {

    static final String MAX_REQUESTS = "max-requests";
    static final String MAX_BYTES = "max-bytes";
    static final String MAX_SLOW = "max-slow";

    static AdmissionMeters of(Meters meters, String sink) {
        return new AdmissionMeters(
                Counter.builder("sluice.received")
                        .description("Bytes of the bodies of requests, as they were sent")
                        .baseUnit("bytes")
                        .tag(SinkTags.SINK, sink)
                        .register(meters.registry()),
                Stream.of(MAX_REQUESTS, MAX_BYTES, MAX_SLOW)
                        .collect(Collectors.toMap(Function.identity(), bound -> refused(meters, sink, bound))));
    }

    private static Counter refused(Meters meters, String sink, String bound) {
        return Counter.builder("sluice.admission.refused")
                .description("Requests that were refused for want of room")
                .tags("bound", bound, SinkTags.SINK, sink)
                .register(meters.registry());
    }

    void refuse(String bound) {
        Objects.requireNonNull(refused.get(bound)).increment();
    }
}
