package dev.sluice.ingest;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ServerHttpObservationFilter;

@Configuration(proxyBeanMethods = false)
class IngestConfiguration {

    /** Batches have a timer and a span of their own: what the framework observes begins behind them. */
    @Bean
    static BeanPostProcessor observationBehindBatches() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof FilterRegistrationBean<?> registration
                        && registration.getFilter() instanceof ServerHttpObservationFilter) {
                    registration.setOrder(BatchFilter.ORDER + 1);
                }
                return bean;
            }
        };
    }
}
