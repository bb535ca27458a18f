package dev.sluice.tls;

import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TlsConfiguration {

    @Bean
    static ReloadedBundles reloadedBundles() {
        return new ReloadedBundles();
    }

    @Bean
    BundleReloader bundleReloader(ReloadedBundles reloaded, SslBundleRegistry registry, SslProperties properties) {
        return new BundleReloader(reloaded, registry, properties);
    }
}
