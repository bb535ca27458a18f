package dev.sluice.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.ssl.SslBundle;

/** The certificates by which a bundle says who it is. */
final class ServedCertificate {

    private final List<X509Certificate> certificates;

    private ServedCertificate(List<X509Certificate> certificates) {
        this.certificates = certificates;
    }

    static ServedCertificate of(SslBundle bundle) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        KeyStore store = bundle.getStores().getKeyStore();
        if (store != null) {
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    found.add(certificate);
                }
            }
        }
        return new ServedCertificate(found);
    }

    /** Throws unless all of them are valid at this moment. */
    void check() throws GeneralSecurityException {
        for (X509Certificate certificate : certificates) {
            certificate.checkValidity();
        }
    }

    @Override
    public String toString() {
        return certificates.isEmpty()
                ? "trusted certificates only"
                : certificates.stream()
                        .map(certificate -> certificate.getSubjectX500Principal() + ", serial number "
                                + certificate.getSerialNumber().toString(16) + ", valid until "
                                + certificate.getNotAfter().toInstant())
                        .collect(Collectors.joining("; "));
    }
}
