package dev.sluice.certificate;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do instead. */
final class UnusableCertificatesAnalyzer extends AbstractFailureAnalyzer<UnusableCertificatesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableCertificatesException cause) {
        return new FailureAnalysis(
                cause.getMessage() + ".",
                "Set what is missing, or mend the file; or take sluice.certificates.file away: then nobody is known by a"
                        + " certificate. A file that works: " + Clients.EXAMPLE,
                cause);
    }
}
