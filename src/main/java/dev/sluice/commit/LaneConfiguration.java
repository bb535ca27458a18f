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

    /*
     * Leaders that no request thread is left to be: at most one for each lane, and no fewer, for one that waits for a
     * slow target must not keep the others waiting – nor the end of the process.
     */
    @Bean(destroyMethod = "shutdown")
    ExecutorService laneExecutor() {
        CustomizableThreadFactory threads = new CustomizableThreadFactory("lane-");
        threads.setDaemon(true);
        return Executors.newCachedThreadPool(threads);
    }
}
