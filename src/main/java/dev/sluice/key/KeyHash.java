package dev.sluice.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What is kept of a key: SHA-256 of its text. The secret is random throughout, so that nothing slower is needed. */
final class KeyHash {

    private final byte[] bytes;

    private KeyHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static KeyHash of(String text) {
        try {
            return new KeyHash(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static KeyHash stored(byte[] bytes) {
        return new KeyHash(bytes.clone());
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Whether it is of the same text; takes the same time whatever is different. */
    boolean is(KeyHash other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }
}
