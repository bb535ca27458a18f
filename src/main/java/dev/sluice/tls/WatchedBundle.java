package dev.sluice.tls;

import java.security.GeneralSecurityException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;

/**
 * Takes the files of one bundle anew once they have been as they are for a while, and fit each other: they are written
 * one after the other. Until then the former ones are served. One thread.
 */
final class WatchedBundle {

    private static final Logger log = LoggerFactory.getLogger(WatchedBundle.class);

    private final BundleFiles bundle;
    private final SslBundleRegistry registry;
    private final Duration quiet;

    private String taken;
    private String seen;
    private long seenSince;
    private String told = "";

    /** The fingerprint is of before the bundle was read for the first time. */
    WatchedBundle(BundleFiles bundle, String fingerprint, SslBundleRegistry registry, Duration quiet) {
        this.bundle = bundle;
        this.taken = fingerprint;
        this.seen = fingerprint;
        this.registry = registry;
        this.quiet = quiet;
    }

    void look() {
        String now = bundle.fingerprint();
        if (now.equals(taken)) {
            seen = now;
            told = "";
        } else if (!now.equals(seen)) {
            seen = now;
            seenSince = System.nanoTime();
        } else if (System.nanoTime() - seenSince >= quiet.toNanos()) {
            take(now);
        }
    }

    private void take(String fingerprint) {
        try {
            // What is read may be newer than the fingerprint: then the next look takes it again.
            SslBundle next = bundle.loader().get();
            ServedCertificate certificate = ServedCertificate.of(next);
            certificate.check();
            next.createSslContext();
            registry.updateBundle(bundle.name(), next);
            taken = fingerprint;
            told = "";
            log.info("The certificates of the bundle {} were exchanged: {}", bundle.name(), certificate);
        } catch (GeneralSecurityException | RuntimeException e) {
            if (!told.equals(fingerprint)) {
                log.warn(
                        "The certificates of the bundle {} stay as they were: what is in {} now cannot be taken ({})."
                                + " It will be once its files fit each other and are valid",
                        bundle.name(),
                        bundle.files(),
                        e.getMessage());
                log.debug("Why it cannot be taken", e);
            }
            told = fingerprint;
        }
    }
}
