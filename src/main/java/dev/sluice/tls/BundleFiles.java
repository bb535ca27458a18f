package dev.sluice.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * What an SSL bundle is made of.
 *
 * @param name the bundle's
 * @param files those with its certificates and keys
 * @param loader reads them; throws if they do not fit each other
 */
record BundleFiles(String name, List<Path> files, Supplier<SslBundle> loader) {

    private static final String INLINE = "-----BEGIN";

    static BundleFiles of(String name, PemSslBundleProperties properties) {
        ResourceLoader resources = ApplicationResourceLoader.get();
        return new BundleFiles(
                name,
                files(
                        resources,
                        properties.getKeystore().getCertificate(),
                        properties.getKeystore().getPrivateKey(),
                        properties.getTruststore().getCertificate(),
                        properties.getTruststore().getPrivateKey()),
                () -> PropertiesSslBundle.get(properties, resources));
    }

    static BundleFiles of(String name, JksSslBundleProperties properties) {
        ResourceLoader resources = ApplicationResourceLoader.get();
        return new BundleFiles(
                name,
                files(
                        resources,
                        properties.getKeystore().getLocation(),
                        properties.getTruststore().getLocation()),
                () -> PropertiesSslBundle.get(properties, resources));
    }

    /* What stands in the configuration itself cannot be exchanged. */
    private static List<Path> files(ResourceLoader resources, @Nullable String... locations) {
        return Stream.of(locations)
                .filter(Objects::nonNull)
                .filter(location -> !location.contains(INLINE))
                .map(resources::getResource)
                .filter(Resource::isFile)
                .map(BundleFiles::path)
                .toList();
    }

    private static Path path(Resource file) {
        try {
            return file.getFile().toPath();
        } catch (IOException e) {
            throw new IllegalStateException(file + " is no file", e);
        }
    }

    /** Returns what tells the present content of the files from any other. */
    String fingerprint() {
        MessageDigest digest = sha256();
        try {
            for (Path file : files) {
                byte[] content = Files.readAllBytes(file);
                digest.update(
                        ByteBuffer.allocate(Long.BYTES).putLong(content.length).array());
                digest.update(content);
            }
        } catch (IOException e) {
            return "unreadable";
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
