package dev.sluice.request;

import dev.sluice.meter.SinkTags;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RequestConfiguration {

    @Bean
    static BeanPostProcessor earlySampling() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof Sampler sampler ? new EarlySampler(sampler) : bean;
            }
        };
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> knowingRequests(
            ObjectProvider<MeterRegistry> meters, ObjectProvider<SinkTags> tags) {
        return factory -> factory.addEngineValves(new RequestValve(meters.getObject(), tags.getObject()));
    }
}
