package dev.sluice.commit;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LaneProperties.class)
class LaneConfiguration {

    /* Leaders that no request thread is left to be; as many as commits can run at once. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService laneExecutor(LaneProperties properties) {
        return Executors.newFixedThreadPool(properties.concurrentCommits(), new CustomizableThreadFactory("lane-"));
    }
}
