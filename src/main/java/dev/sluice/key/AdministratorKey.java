package dev.sluice.key;

import dev.sluice.access.Grant;
import dev.sluice.access.Quotas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The key of the configuration, which may do everything: read from its file, made there if there is none, and read again
 * when the file is exchanged. It needs no database.
 */
@Component
@EnableConfigurationProperties(KeyProperties.class)
public class AdministratorKey {

    private static final Logger log = LoggerFactory.getLogger(AdministratorKey.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int MOST_BYTES = 1_000;
    private static final String HMAC = "HmacSHA256";

    private final @Nullable Path file;
    private volatile @Nullable StoredKey key;
    private volatile @Nullable SecretKeySpec secret;

    /* Of the thread that reads: what was read last, and whether it could not be read since. */
    private String known = "";
    private boolean failing;

    AdministratorKey(KeyProperties properties) {
        this.file = properties.administratorFile();
        if (file != null) {
            begin(file);
        }
    }

    /** Whether there is one: then nobody is served who has no key. */
    public boolean isConfigured() {
        return file != null;
    }

    /**
     * Returns 32 bytes that whoever has the key can make and nobody else, the same at every replica that has it; empty
     * where there is none.
     *
     * @param purpose keeps what is made for one thing from being of use for another
     */
    public Optional<byte[]> secretFor(String purpose) {
        SecretKeySpec text = secret;
        if (text == null) {
            return Optional.empty();
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(text);
            return Optional.of(mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    @Nullable
    StoredKey key() {
        return key;
    }

    private void begin(Path at) {
        try {
            if (Files.notExists(at)) {
                make(at);
                log.info("The administrator's key was made. It is in {}, for its owner only", at.toAbsolutePath());
            } else {
                log.info("The administrator's key is in {}", at.toAbsolutePath());
            }
            read(at);
        } catch (IOException e) {
            throw new UnusableKeyFileException(at, "cannot be read or made: " + e, e);
        }
    }

    /* Whole or not at all, and never over another one: replicas may share the file. */
    private static void make(Path at) throws IOException {
        Path directory = Objects.requireNonNullElse(at.toAbsolutePath().getParent(), at);
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        FileAttribute<?>[] ownerOnly = Files.getFileStore(directory).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Path whole = Files.createTempFile(directory, ".administrator", ".key", ownerOnly);
        try {
            Files.writeString(whole, KeyText.random().text() + System.lineSeparator());
            link(at, whole);
        } catch (FileAlreadyExistsException e) {
            log.debug("{} has been made by another replica", at, e);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static void link(Path at, Path whole) throws IOException {
        try {
            Files.createLink(at, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            log.debug("There are no hard links where {} is, moving it there", at, e);
            Files.move(whole, at);
        }
    }

    private void read(Path at) throws IOException {
        String text = text(at);
        if (text.equals(known)) {
            return;
        }
        if (!KeyText.isWhole(text)) {
            throw new UnusableKeyFileException(
                    at,
                    "does not hold a key in one line, " + KeyText.PREFIX + "… as the service makes them; remove it and"
                            + " start again to have another one made",
                    null);
        }
        known = text;
        secret = new SecretKeySpec(text.getBytes(StandardCharsets.ISO_8859_1), HMAC);
        key = StoredKey.of(
                new ApiKey(
                        KeyText.idOf(text),
                        "administrator, from " + at,
                        List.of(Grant.EVERYTHING),
                        Quotas.NONE,
                        Instant.EPOCH,
                        "configuration",
                        null,
                        null,
                        0),
                KeyHash.of(text),
                null,
                null);
    }

    private static String text(Path at) throws IOException {
        try (var in = Files.newInputStream(at)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1).strip();
        }
    }

    @Scheduled(fixedDelay = 500, initialDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void readAgain() {
        Path at = file;
        if (at == null) {
            return;
        }
        try {
            String before = known;
            read(at);
            if (!known.equals(before)) {
                log.info("The administrator's key was exchanged in {}", at);
            }
            failing = false;
        } catch (IOException | UnusableKeyFileException e) {
            if (!failing) {
                log.warn("The administrator's key stays as it was: {} cannot be read ({})", at, e.toString());
            }
            failing = true;
        }
    }
}
