package dev.sluice.certificate;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.springframework.boot.ssl.SslBundle;

/** Whom the server's trust store vouches for. */
final class ClientTrust {

    private final X509TrustManager manager;

    private ClientTrust(X509TrustManager manager) {
        this.manager = manager;
    }

    static ClientTrust of(SslBundle bundle) {
        for (TrustManager manager : bundle.getManagers().getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return new ClientTrust(x509);
            }
        }
        throw new IllegalStateException("every Java has a trust manager for X.509");
    }

    /** Throws unless the trust store vouches for a chain at this moment. */
    void check(X509Certificate[] chain) throws CertificateException {
        manager.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
    }
}
