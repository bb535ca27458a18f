package dev.sluice.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Reads who is known by which certificate, and reads it again when the file has changed. */
@Component
@EnableConfigurationProperties(CertificateProperties.class)
class ClientsFile {

    private static final Logger log = LoggerFactory.getLogger(ClientsFile.class);
    private static final int MOST_BYTES = 4_000_000;

    private final @Nullable Path file;
    private volatile Clients clients = Clients.none();

    /* Of the thread that reads: what was taken, what was read last, and what could not be taken since. */
    private String known = "";
    private String seen = "";
    private String refused = "";

    ClientsFile(CertificateProperties properties) {
        this.file = properties.file();
        if (file != null) {
            try {
                known = text(file);
                clients = Clients.read(known);
            } catch (IOException | IllegalArgumentException e) {
                throw new UnusableCertificatesException(
                        file.toAbsolutePath() + " (sluice.certificates.file) " + reason(e), e);
            }
        }
    }

    boolean isConfigured() {
        return file != null;
    }

    /** Returns those known now; another object whenever they have changed. */
    Clients clients() {
        return clients;
    }

    private static String text(Path at) throws IOException {
        try (var in = Files.newInputStream(at)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("is larger than " + MOST_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException ? "cannot be read: " + e : String.valueOf(e.getMessage());
    }

    @Scheduled(fixedDelay = 500, initialDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void readAgain() {
        Path at = file;
        if (at == null) {
            return;
        }
        String text = "";
        try {
            text = text(at);
            if (!text.equals(seen)) {
                seen = text; // which may be half written
                return;
            }
            if (!text.equals(known)) {
                clients = Clients.read(text);
                known = text;
                log.info("Client certificates: {} names are known now, from {}", clients.size(), at);
            }
            refused = known;
        } catch (IOException | IllegalArgumentException e) {
            if (!text.equals(refused)) {
                log.warn(
                        "Client certificates: who is known stays as it was, also who was to be removed: {} {}",
                        at,
                        reason(e));
            }
            refused = text;
        }
    }
}
