package dev.sluice.delivery;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    /* Unbounded: its threads wait for slow targets, and none may wait for another's. What feeds it is bounded. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService deliveryExecutor() {
        return Executors.newCachedThreadPool(new CustomizableThreadFactory("delivery-"));
    }
}
