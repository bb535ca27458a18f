package dev.sluice.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/** Says what to do instead. */
final class OpenToTheNetworkAnalyzer extends AbstractFailureAnalyzer<OpenToTheNetworkException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, OpenToTheNetworkException cause) {
        return new FailureAnalysis(
                StringUtils.capitalize(String.valueOf(cause.getMessage())) + ".",
                "Set sluice.keys.administrator-file to a file in a directory that the service can write to, like"
                        + " /var/lib/sluice/keys/administrator.key: a key is made there at the first start, and every request"
                        + " needs one from then on; or sluice.jwt.issuer and sluice.jwt.audience; or"
                        + " sluice.certificates.file, for clients with certificates. Or set the address to 127.0.0.1."
                        + " Or, where something in front of the service keeps everybody else away, set sluice.security.open-to-the-network: true.",
                cause);
    }
}
