package dev.sluice.operator;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.outcome.SinkOutcome;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The component {@code sinks} of {@code /actuator/health}: one part for each sink that there is at the moment. */
@Configuration(proxyBeanMethods = false)
class SinkHealthConfiguration {

    @Bean
    CompositeHealthContributor sinksHealthContributor(
            SinkCatalog catalog, Verifications verifications, SinkStatus status) {
        return new SinksHealth(catalog, verifications, status);
    }

    private record SinksHealth(SinkCatalog catalog, Verifications verifications, SinkStatus status)
            implements CompositeHealthContributor {

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            return entries(catalog.all().stream()
                            .filter(sink -> sink.id().equals(name))
                            .toList())
                    .filter(entry -> entry.name().equals(name))
                    .map(Entry::contributor)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Stream<Entry> stream() {
            List<SinkDefinition> sinks = catalog.all();
            verifications.retain(sinks);
            return entries(sinks);
        }

        /* All are looked at together, when the first one is asked for. */
        private Stream<Entry> entries(List<SinkDefinition> sinks) {
            long deadline = verifications.begin(sinks);
            return Stream.concat(
                    sinks.stream().map(sink -> entry(sink.id(), () -> health(sink, deadline))),
                    catalog.unusable().stream().map(sink -> entry(sink.id(), () -> health(sink))));
        }

        private static Entry entry(String name, HealthIndicator indicator) {
            return new Entry(name, indicator);
        }

        private static Health health(UnusableSink sink) {
            return Health.status(SinkStatuses.SINK_DOWN)
                    .withDetail("type", sink.type())
                    .withDetail("problem", sink.reason())
                    .build();
        }

        private Health health(SinkDefinition sink, long deadline) {
            SinkOutcome writes = status.writes(sink);
            SinkOutcome deliveries = status.deliveries(sink);
            String down = sentence(
                    verifications.problem(sink, deadline),
                    writes.sentence(),
                    named("deliveries: ", deliveries.sentence()));
            String degraded =
                    sentence(writes.partitionsSentence(), named("deliveries: ", deliveries.partitionsSentence()));
            Health.Builder health = new Health.Builder(
                    !down.isEmpty() ? SinkStatuses.SINK_DOWN : degraded.isEmpty() ? Status.UP : SinkStatuses.DEGRADED);
            if (!down.isEmpty() || !degraded.isEmpty()) {
                health.withDetail("problem", down.isEmpty() ? degraded : down);
            }
            return health.withDetail("type", sink.type())
                    .withDetail(
                            sink.stateless() ? "workers" : "partitions",
                            sink.partitions().size())
                    .withDetail("guarantee", sink.guarantee().text())
                    .withDetails(status.of(sink))
                    .build();
        }

        private static String named(String what, String sentence) {
            return sentence.isEmpty() ? "" : what + sentence;
        }

        private static String sentence(String... parts) {
            return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
        }
    }
}
