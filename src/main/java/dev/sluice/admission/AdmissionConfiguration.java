package dev.sluice.admission;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionProperties.class)
class AdmissionConfiguration {

    private static final String THREADS = "server.tomcat.threads.max";
    private static final int TOMCATS_DEFAULT = 200;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> endingSlowConnections() {
        return factory -> factory.addEngineValves(new HangUpValve());
    }

    /* Where requests hold a thread each, one without a place would wait for a thread instead of being refused. */
    @Bean
    InitializingBean threadsForRefusals(AdmissionProperties admission, Environment environment) {
        return () -> {
            int threads = environment.getProperty(THREADS, Integer.class, TOMCATS_DEFAULT);
            int held = admission.maxRequests() + admission.maxSlow();
            if (!Threading.VIRTUAL.isActive(environment) && threads <= held) {
                throw new IllegalArgumentException(THREADS + " (" + threads
                        + ") must be above sluice.admission.max-requests and max-slow together (" + held
                        + "), or there is no thread left to refuse with; on a JDK from 21 on it does not matter");
            }
        };
    }
}
