package dev.sluice.delivery;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
class DeliveryConfiguration {

    /*
     * Unbounded: its threads wait for slow targets, and none may wait for another's. What feeds it is bounded. The end of
     * the process waits for none of them: what they have not told of is repeated.
     */
    @Bean(destroyMethod = "shutdown")
    ExecutorService deliveryExecutor() {
        CustomizableThreadFactory threads = new CustomizableThreadFactory("delivery-");
        threads.setDaemon(true);
        return Executors.newCachedThreadPool(threads);
    }
}
