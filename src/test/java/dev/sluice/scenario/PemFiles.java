package dev.sluice.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate and its key in two files, as whatever renews them writes them. */
record PemFiles(Path certificate, Path key) {

    PemFiles(Path directory) {
        this(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    }

    /** Writes one after the other, each by itself in place. */
    PemFiles write(CertificateAuthority.Issued issued) {
        write(certificate, issued.pem());
        write(key, issued.keyPem());
        return this;
    }

    static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
