package dev.sluice.certificate;

import dev.sluice.access.Identity;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/**
 * Knows senders by the certificates that their connections have shown. A connection may last longer than what vouched
 * for it: each request asks the trust store and the file as they are then. Thread-safe.
 */
@Component
public class ClientCertificates {

    private static final int MOST_KNOWN = 10_000;

    private final ClientsFile file;
    private volatile @Nullable ClientTrust trust;
    private volatile @Nullable Known known;

    private record Vouched(Identity identity, Instant until) {}

    /** What was found out by a trust store and a state of the file; none of it holds when one of them changes. */
    private record Known(ClientTrust trust, Clients clients, Map<X509Certificate, Vouched> vouched) {}

    ClientCertificates(ClientsFile file, ServerProperties server, SslBundles bundles) {
        this.file = file;
        if (file.isConfigured()) {
            String name = bundleThatAsks(server.getSsl());
            SslBundle bundle = bundles.getBundle(name);
            if (bundle.getStores().getTrustStore() == null) {
                throw new UnusableCertificatesException(
                        "sluice.certificates.file needs a trust store of its own: without"
                                + " spring.ssl.bundle.pem." + name
                                + ".truststore.certificate any authority that this Java"
                                + " knows could name anybody",
                        null);
            }
            trust = ClientTrust.of(bundle);
            bundles.addBundleUpdateHandler(name, next -> trust = ClientTrust.of(next));
        }
    }

    private static String bundleThatAsks(@Nullable Ssl ssl) {
        if (ssl == null
                || !Ssl.isEnabled(ssl)
                || ssl.getBundle() == null
                || (ssl.getClientAuth() != ClientAuth.WANT && ssl.getClientAuth() != ClientAuth.NEED)) {
            throw new UnusableCertificatesException(
                    "sluice.certificates.file needs server.ssl.bundle, and server.ssl.client-auth: want or need;"
                            + " otherwise no client is asked for a certificate",
                    null);
        }
        return ssl.getBundle();
    }

    /** Whether there are clients who are known by their certificates. */
    public boolean areTaken() {
        return file.isConfigured();
    }

    /**
     * Returns whom a certificate names.
     *
     * @param chain the certificate, and those between it and its authority
     * @throws dev.sluice.problem.ProblemException if it is nobody's
     */
    public Identity identify(X509Certificate[] chain) {
        Known now = current();
        X509Certificate own = chain[0];
        Vouched before = now.vouched().get(own);
        if (before != null && before.until().isAfter(Instant.now())) {
            return before.identity();
        }
        try {
            now.trust().check(chain);
        } catch (CertificateException e) {
            throw refused(
                    "the client certificate of " + own.getSubjectX500Principal() + " is not taken: " + e.getMessage());
        }
        List<String> names = CertificateNames.of(own);
        Identity identity = now.clients()
                .find(names)
                .orElseThrow(() -> refused("the client certificate has no name that is known here; it has " + names
                        + ". An administrator can add one of them to the file sluice.certificates.file"));
        if (now.vouched().size() >= MOST_KNOWN) {
            now.vouched().clear();
        }
        now.vouched().put(own, new Vouched(identity, end(chain)));
        return identity;
    }

    /* What was found out by another trust store, or another state of the file, is forgotten. */
    private Known current() {
        ClientTrust vouching = trust;
        if (vouching == null) {
            throw refused("this service takes no client certificates");
        }
        Clients clients = file.clients();
        Known now = known;
        if (now == null || now.trust() != vouching || now.clients() != clients) {
            now = new Known(vouching, clients, new ConcurrentHashMap<>());
            known = now;
        }
        return now;
    }

    private static Instant end(X509Certificate[] chain) {
        return Stream.of(chain)
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private static RuntimeException refused(String detail) {
        return Problem.of(ProblemType.UNAUTHENTICATED, detail).exception();
    }
}
