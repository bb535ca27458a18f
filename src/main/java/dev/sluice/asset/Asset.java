package dev.sluice.asset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.springframework.core.io.ClassPathResource;

/** A file for browsers. */
final class Asset {

    private static final int HASH_DIGITS = 12;

    private final String type;
    private final String hash;
    private final byte[] bytes;
    private final byte[] zipped;

    private Asset(String type, byte[] bytes) throws IOException {
        this.type = type;
        this.bytes = bytes;
        this.hash = hash(bytes);
        this.zipped = zipped(bytes);
    }

    static Asset read(String place, String type) {
        try (InputStream in = new ClassPathResource(place).getInputStream()) {
            return new Asset(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(place + " is a part of the service, but cannot be read", e);
        }
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    String type() {
        return type;
    }

    /** Returns the hash of its bytes, a part of its address. */
    String hash() {
        return hash;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the same by gzip. */
    byte[] zipped() {
        return zipped.clone();
    }
}
