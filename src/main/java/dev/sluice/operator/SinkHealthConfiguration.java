package dev.sluice.operator;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.sink.SinkException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The component {@code sinks} of {@code /actuator/health}: one part for each sink that there is at the moment. */
@Configuration(proxyBeanMethods = false)
class SinkHealthConfiguration {

    @Bean
    CompositeHealthContributor sinksHealthContributor(SinkCatalog catalog) {
        return new SinksHealth(catalog);
    }

    private record SinksHealth(SinkCatalog catalog) implements CompositeHealthContributor {

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            return stream()
                    .filter(entry -> entry.name().equals(name))
                    .map(Entry::contributor)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Stream<Entry> stream() {
            return Stream.concat(
                    catalog.all().stream().map(sink -> entry(sink.id(), () -> health(sink))),
                    catalog.unusable().stream().map(sink -> entry(sink.id(), () -> health(sink))));
        }

        private static Entry entry(String name, HealthIndicator indicator) {
            return new Entry(name, indicator);
        }
    }

    private static Health health(UnusableSink sink) {
        return Health.down()
                .withDetail("type", sink.type())
                .withDetail("problem", sink.reason())
                .build();
    }

    private static Health health(SinkDefinition sink) {
        Health.Builder health = Health.up();
        try {
            sink.sink().verify();
        } catch (SinkException e) {
            health = Health.down().withDetail("problem", String.valueOf(e.getMessage()));
        }
        return health.withDetail("type", sink.type())
                .withDetail(
                        sink.stateless() ? "workers" : "partitions",
                        sink.partitions().size())
                .withDetail("guarantee", sink.guarantee().text())
                .withDetails(sink.sink().status())
                .build();
    }
}
