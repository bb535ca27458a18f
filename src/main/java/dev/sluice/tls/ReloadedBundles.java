package dev.sluice.tls;

import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;

/**
 * Knows which bundles are to be taken anew when their files are exchanged ({@code reload-on-update}), and keeps Spring
 * Boot from watching them as well: it would take a certificate with the key of another one.
 */
final class ReloadedBundles implements BeanPostProcessor {

    /** Of bundles that are not read yet. */
    record Reloaded(BundleFiles files, String fingerprint) {}

    private final List<Reloaded> reloaded = new ArrayList<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof SslProperties properties) {
            properties.getBundle().getPem().forEach((name, pem) -> {
                if (verifiable(pem.getKeystore())) {
                    pem.getKeystore().setVerifyKeys(true);
                }
                if (isReloaded(pem)) {
                    add(BundleFiles.of(name, pem));
                }
            });
            properties.getBundle().getJks().forEach((name, jks) -> {
                if (isReloaded(jks)) {
                    add(BundleFiles.of(name, jks));
                }
            });
        }
        return bean;
    }

    private static boolean verifiable(PemSslBundleProperties.Store store) {
        return store.getCertificate() != null && store.getPrivateKey() != null;
    }

    private static boolean isReloaded(SslBundleProperties bundle) {
        boolean reload = bundle.isReloadOnUpdate();
        bundle.setReloadOnUpdate(false);
        return reload;
    }

    private void add(BundleFiles files) {
        reloaded.add(new Reloaded(files, files.fingerprint()));
    }

    List<Reloaded> all() {
        return List.copyOf(reloaded);
    }
}
