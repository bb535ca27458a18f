package dev.sluice.partition;

import dev.sluice.catalog.SinkCatalog;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties({LaneProperties.class, ReceiptProperties.class})
class PartitionConfiguration {

    @Bean
    static PartitionScope partitionScope() {
        return new PartitionScope();
    }

    @Bean
    static CustomScopeConfigurer partitionScopeConfigurer(PartitionScope scope) {
        CustomScopeConfigurer configurer = new CustomScopeConfigurer();
        configurer.addScope(PartitionScope.NAME, scope);
        return configurer;
    }

    @Bean(destroyMethod = "close")
    @Scope(PartitionScope.NAME)
    LivePartition<?, ?> livePartition(PartitionScope scope, SinkCatalog catalog, JsonMapper json) {
        PartitionScope.Occupant occupant = scope.current();
        String sink = occupant.key().sink();
        return LivePartition.build(
                catalog.find(sink)
                        .orElseThrow(() -> new IllegalStateException("there is no sink " + sink))
                        .sink(),
                occupant,
                json);
    }

    /* Leaders that no request thread is left to be; as many as commits can run at once. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService laneExecutor(LaneProperties properties) {
        return Executors.newFixedThreadPool(properties.concurrentCommits(), new CustomizableThreadFactory("lane-"));
    }
}
