package dev.sluice.live;

import dev.sluice.catalog.SinkCatalog;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class LiveConfiguration {

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
                        .partitioned(),
                occupant,
                json);
    }
}
