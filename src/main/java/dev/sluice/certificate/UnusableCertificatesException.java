package dev.sluice.certificate;

import org.jspecify.annotations.Nullable;

/** The service does not start with client certificates that could name nobody, or anybody. */
final class UnusableCertificatesException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnusableCertificatesException(String message, @Nullable Exception cause) {
        super(message, cause);
    }
}
