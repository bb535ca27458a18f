package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;

/** Spans go out where somebody has said where to; nothing is recorded otherwise. */
class TracesIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private static final List<Span> SPANS = new CopyOnWriteArrayList<>();

    private static HttpServer collector;
    private static Receiver receiver;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody().readAllBytes())
                    .getResourceSpansList()
                    .forEach(resource ->
                            resource.getScopeSpansList().forEach(scope -> SPANS.addAll(scope.getSpansList())));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        receiver = Receiver.honouringKeys();
        service = InProcess.start(
                "management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort() + "/v1/traces",
                "management.opentelemetry.tracing.export.schedule-delay=100ms",
                // What writers have not decided is not recorded here.
                "management.tracing.sampling.probability=0",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0",
                "sluice.sinks.once.type=table",
                "sluice.sinks.once.partitions=0",
                "sluice.sinks.chosen.type=table",
                "sluice.sinks.chosen.partitions=0,1",
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.partitions=0",
                "sluice.sinks.hook.max-attempts=2",
                "sluice.sinks.hook.backoff=1ms",
                "sluice.sinks.hook.url=" + receiver.url("/hook"),
                "sluice.sinks.outward.type=http",
                "sluice.sinks.outward.partitions=0",
                "sluice.sinks.outward.url=" + receiver.url("/outward"),
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=outward",
                "sluice.sinks.buffer.flush-interval=1s");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        receiver.release();
        service.close();
        receiver.close();
        collector.stop(0);
    }

    private static Stream<Span> named(String name, String sink) {
        return SPANS.stream()
                .filter(span ->
                        span.getName().equals(name) && attribute(span, "sink").equals(sink));
    }

    private static Span awaitSpan(String name, String sink) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> named(name, sink).findFirst().orElse(null), span -> span != null);
    }

    private static String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().hasIntValue()
                        ? Long.toString(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    private static List<Span> within(Span parent) {
        return SPANS.stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                .toList();
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Test
    void recordsReceivingWaitingAndCommitting() {
        client.batch("rows", "0", 0, "1,2", "traceparent", SAMPLED).isWritten("committed");
        Span write = awaitSpan("sluice.write", "rows");
        assertThat(hex(write.getTraceId())).isEqualTo(TRACE);
        assertThat(hex(write.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(attribute(write, "partition")).isEqualTo("0");
        assertThat(attribute(write, "first")).isEqualTo("0");
        assertThat(attribute(write, "count")).isEqualTo("2");
        assertThat(attribute(write, "outcome")).isEqualTo("committed");
        await().untilAsserted(() -> assertThat(within(write))
                .extracting(Span::getName)
                .containsExactlyInAnyOrder("sluice.receive", "sluice.wait", "sluice.commit"));
        assertThat(within(write)).allSatisfy(span -> {
            assertThat(span.getStartTimeUnixNano()).isLessThanOrEqualTo(span.getEndTimeUnixNano());
            assertThat(span.getStartTimeUnixNano())
                    .isGreaterThan(System.currentTimeMillis() * 1_000_000
                            - Duration.ofMinutes(5).toNanos());
        });
        List<Span> inTurn = within(write).stream()
                .sorted((a, b) -> Long.compare(a.getStartTimeUnixNano(), b.getStartTimeUnixNano()))
                .toList();
        assertThat(inTurn.get(0).getEndTimeUnixNano()).isEqualTo(inTurn.get(1).getStartTimeUnixNano());
        assertThat(inTurn.get(1).getEndTimeUnixNano()).isEqualTo(inTurn.get(2).getStartTimeUnixNano());
    }

    /* The framework's own observation of requests would be a second span beside it, and a second cost of each batch. */
    @Test
    void recordsABatchByOneSpanAndNotOnceMoreAsARequest() {
        String trace = "7bf92f3577b34da6a3ce929d0e0e4736";
        client.batch("once", "0", 0, "1", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .isWritten("committed");
        client.batch("once", "0", 1, "2", "traceparent", SAMPLED).isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> named("sluice.write", "once")
                        .anyMatch(span -> hex(span.getTraceId()).equals(TRACE)));
        assertThat(SPANS.stream().filter(span -> hex(span.getTraceId()).equals(trace)))
                .extracting(Span::getName)
                .containsExactlyInAnyOrder("sluice.write", "sluice.receive", "sluice.wait", "sluice.commit");
        assertThat(client.get("/actuator/metrics/http.server.requests").body().toString())
                .doesNotContain("/sinks/{sink}/partitions/{partition}\"")
                .doesNotContain("UNKNOWN");
    }

    @Test
    void recordsTriesOfHttpTargetsAndSendsTheTraceOn() {
        receiver.answers(Reply.of(503), Reply.ok());
        client.batch("hook", "0", 0, "1", "traceparent", SAMPLED).isWritten("committed");
        Span write = awaitSpan("sluice.write", "hook");
        List<Span> tries = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> within(write).stream()
                                .filter(span -> span.getName().equals("sluice.http.try"))
                                .toList(),
                        found -> found.size() == 2);
        assertThat(tries).extracting(span -> attribute(span, "status")).containsExactlyInAnyOrder("503", "200");
        assertThat(receiver.requests().stream()
                        .filter(request -> request.target().equals("/hook"))
                        .map(request -> request.header("traceparent")))
                .containsExactlyInAnyOrderElementsOf(tries.stream()
                        .map(span -> "00-" + TRACE + "-" + hex(span.getSpanId()) + "-01")
                        .toList());
    }

    @Test
    void recordsADeliveryAsATraceOfItsOwnWithLinksToWhatItCarries() {
        // A delivery is recorded by chance, which is none here: the links are shown by the service that records all.
        Receiver target = Receiver.honouringKeys();
        try (InProcess all = InProcess.start(
                "management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort() + "/v1/traces",
                "management.opentelemetry.tracing.export.schedule-delay=100ms",
                "management.tracing.sampling.probability=1",
                "sluice.sinks.far.type=http",
                "sluice.sinks.far.partitions=0",
                "sluice.sinks.far.url=" + target.url("/far"),
                "sluice.sinks.linked.type=batching",
                "sluice.sinks.linked.target=far",
                "sluice.sinks.linked.batch-size=2",
                "sluice.sinks.linked.flush-interval=1h")) {
            all.client().batch("linked", "0", 0, "1", "traceparent", SAMPLED).isWritten("committed");
            all.client().batch("linked", "0", 1, "2").isWritten("committed");
            Span delivery = awaitSpan("sluice.deliver", "linked");
            List<Span> writes = await().atMost(Duration.ofSeconds(20))
                    .until(() -> named("sluice.write", "linked").toList(), found -> found.size() == 2);
            assertThat(delivery.getParentSpanId().isEmpty()).isTrue();
            assertThat(hex(delivery.getTraceId())).isNotEqualTo(TRACE);
            assertThat(delivery.getLinksList())
                    .extracting(link -> hex(link.getTraceId()) + hex(link.getSpanId()))
                    .containsExactlyInAnyOrderElementsOf(writes.stream()
                            .map(span -> hex(span.getTraceId()) + hex(span.getSpanId()))
                            .toList());
            assertThat(attribute(delivery, "outcome")).isEqualTo("delivered");
            assertThat(target.requests().get(0).header("traceparent"))
                    .startsWith("00-" + hex(delivery.getTraceId()) + "-")
                    .endsWith("-01");
        } finally {
            target.close();
        }
    }

    @Test
    void recordsKeyedRecordsAsTheFrameworkDoesAndTellsTheSameTrace() {
        Answer refused = client.post(
                "/sinks/rows/records?offset=7", Client.NDJSON, "{\"key\":\"a\",\"value\":1}\n", "traceparent", SAMPLED);
        refused.isProblem(409, "offset-gap").has("instance", "urn:trace:" + TRACE);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(SPANS)
                        .anySatisfy(span -> assertThat(span.getName()).contains("/sinks/{sink}/records")));
    }

    @Test
    void recordsNothingThatIsNotSampled() {
        client.batch("chosen", "0", 0, "1", "traceparent", NOT_SAMPLED).isWritten("committed");
        client.batch("chosen", "0", 1, "2").isWritten("committed");
        client.batch("chosen", "0", 2, "3", "traceparent", SAMPLED).isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> named("sluice.write", "chosen")
                        .anyMatch(span -> attribute(span, "partition").equals("0")));
        assertThat(named("sluice.write", "chosen")
                        .filter(span -> attribute(span, "partition").equals("0")))
                .hasSize(1)
                .allSatisfy(span -> assertThat(attribute(span, "first")).isEqualTo("2"));
    }

    @Test
    void recordsWhatOtherConventionsAskFor() {
        client.batch("chosen", "1", 0, "1", "traceparent", "00-nonsense-01").isWritten("committed");
        client.batch("chosen", "1", 1, "2", "b3", "6bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0")
                .isWritten("committed");
        client.batch("chosen", "1", 2, "3", "b3", "6bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1")
                .isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> named("sluice.write", "chosen")
                        .anyMatch(span -> attribute(span, "partition").equals("1")));
        assertThat(named("sluice.write", "chosen")
                        .filter(span -> attribute(span, "partition").equals("1")))
                .hasSize(1)
                .allSatisfy(span -> assertThat(attribute(span, "first")).isEqualTo("2"));
    }

    @Test
    void letsChanceDecideOnceOnWhatWritersHaveNotDecided() {
        int requests = 400;
        try (InProcess half = InProcess.start(
                "management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort() + "/v1/traces",
                "management.opentelemetry.tracing.export.schedule-delay=100ms",
                "management.tracing.sampling.probability=0.5",
                "sluice.sinks.chance.type=table",
                "sluice.sinks.chance.partitions=0")) {
            for (int i = 0; i < requests; i++) {
                half.client().batch("chance", "0", i, "1").isWritten("committed");
            }
        }
        // What is under way is exported before the service ends. Twice by chance would be a quarter; these bounds are
        // six
        // standard deviations from the half.
        assertThat(named("sluice.write", "chance").count()).isBetween(140L, 260L);
    }

    @Test
    void recordsNothingAtAllWithoutAnEndpoint() {
        try (InProcess silent = InProcess.start("sluice.sinks.rows.type=table", "sluice.sinks.rows.partitions=0")) {
            assertThatExceptionOfType(NoSuchBeanDefinitionException.class).isThrownBy(() -> silent.bean(Tracer.class));
            assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
                    .isThrownBy(() -> silent.bean(io.opentelemetry.api.OpenTelemetry.class));
            assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
                    .isThrownBy(() -> silent.bean("otlpMeterRegistry", Object.class));
            silent.client().batch("rows", "0", 0, "1", "traceparent", SAMPLED).isWritten("committed");
            silent.client()
                    .batch("rows", "0", 9, "1", "traceparent", SAMPLED)
                    .isProblem(409, "offset-gap")
                    .has("instance", "urn:trace:" + TRACE);
        }
    }
}
