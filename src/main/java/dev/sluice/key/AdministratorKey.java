package dev.sluice.key;

import dev.sluice.access.Grant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

    private final @Nullable Path file;
    private volatile @Nullable StoredKey key;
    private @Nullable FileTime readAt;

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
        Path directory = at.toAbsolutePath().getParent();
        Path whole = Files.createTempFile(
                directory, ".administrator", ".key", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(whole, KeyText.random().text() + System.lineSeparator());
            Files.createLink(at, whole);
        } catch (FileAlreadyExistsException e) {
            log.debug("{} has been made by another replica", at, e);
        } finally {
            Files.delete(whole);
        }
    }

    private void read(Path at) throws IOException {
        FileTime modified = Files.getLastModifiedTime(at);
        String text = text(at);
        if (!KeyText.isWhole(text)) {
            throw new UnusableKeyFileException(
                    at,
                    "does not hold a key in one line, " + KeyText.PREFIX
                            + "… as the service makes them; remove it to have" + " another one made",
                    null);
        }
        readAt = modified;
        key = StoredKey.of(
                new ApiKey(
                        KeyText.idOf(text),
                        "administrator, from " + at,
                        List.of(Grant.EVERYTHING),
                        Instant.EPOCH,
                        "configuration",
                        null,
                        null),
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
            if (!Files.getLastModifiedTime(at).equals(readAt)) {
                read(at);
                log.info("The administrator's key was read again from {}", at);
            }
        } catch (IOException | UnusableKeyFileException e) {
            log.debug("The administrator's key stays as it was: {}", e.toString());
        }
    }
}
