package dev.sluice.security;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> hostHeaders() {
        return factory -> factory.setProtocol(HostHeaderProtocol.class.getName());
    }
}
