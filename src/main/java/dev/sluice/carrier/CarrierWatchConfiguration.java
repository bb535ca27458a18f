package dev.sluice.carrier;

import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.VirtualThreadTaskExecutor;

@Configuration(proxyBeanMethods = false)
class CarrierWatchConfiguration {

    @Bean(initMethod = "start", destroyMethod = "stop")
    @ConditionalOnThreading(Threading.VIRTUAL)
    CarrierWatch carrierWatch() {
        return new CarrierWatch(new VirtualThreadTaskExecutor());
    }
}
