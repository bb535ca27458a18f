package dev.sluice.port;

import java.util.Map;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.SslConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the console's own port, with the address, the limits and the certificate of the service's. */
@Configuration(proxyBeanMethods = false)
class PortConfiguration {

    /* At the service's own connector, which is made once all is known of the server. */
    private record Beside(TomcatServletWebServerFactory factory, ConsolePort port, int wanted)
            implements TomcatConnectorCustomizer {

        @Override
        public void customize(Connector main) {
            Connector own = new Connector(factory.getProtocol());
            own.setPort(wanted);
            if (own.getProtocolHandler() instanceof AbstractProtocol<?> handler && factory.getAddress() != null) {
                handler.setAddress(factory.getAddress());
            }
            factory.getConnectorCustomizers().stream()
                    .filter(customizer -> customizer != this)
                    .forEach(customizer -> customizer.customize(own));
            Ssl ssl = factory.getSsl();
            SslBundles bundles = factory.getSslBundles();
            if (ssl != null && bundles != null && Ssl.isEnabled(ssl)) {
                secure(own, ssl, bundles);
            }
            factory.addAdditionalConnectors(own);
            port.opened(own);
        }
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> consolePortOpening(ConsolePort port) {
        return factory ->
                port.wanted().ifPresent(wanted -> factory.addConnectorCustomizers(new Beside(factory, port, wanted)));
    }

    private static void secure(Connector connector, Ssl ssl, SslBundles bundles) {
        SslConnectorCustomizer customizer =
                new SslConnectorCustomizer(LogFactory.getLog(PortConfiguration.class), connector, ssl.getClientAuth());
        customizer.customize(WebServerSslBundle.get(ssl, bundles), Map.of());
        String name = ssl.getBundle();
        if (name != null) {
            bundles.addBundleUpdateHandler(name, bundle -> customizer.update(null, bundle));
        }
    }
}
