package dev.sluice.operator;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.sink.SinkException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The component {@code sinks} of {@code /actuator/health}: one part for each sink. */
@Configuration(proxyBeanMethods = false)
class SinkHealthConfiguration {

    @Bean
    CompositeHealthContributor sinksHealthContributor(SinkCatalog catalog) {
        Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
        catalog.all().forEach(sink -> indicators.put(sink.id(), () -> health(sink)));
        return CompositeHealthContributor.fromMap(indicators);
    }

    private static Health health(SinkDefinition sink) {
        Health.Builder health = Health.up();
        try {
            sink.sink().verify();
        } catch (SinkException e) {
            health = Health.down().withDetail("problem", String.valueOf(e.getMessage()));
        }
        return health.withDetail("type", sink.type())
                .withDetail("partitions", sink.partitions().size())
                .withDetail("guarantee", sink.guarantee().text())
                .build();
    }
}
