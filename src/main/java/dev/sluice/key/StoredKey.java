package dev.sluice.key;

import dev.sluice.access.Identity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key with what its text is compared with.
 *
 * @param hash of its text
 * @param previousHash of the text that it had before it was rotated, null if that is not taken any more
 * @param previousUntil until when that is taken
 */
record StoredKey(
        ApiKey key,
        Identity identity,
        KeyHash hash,
        @Nullable KeyHash previousHash,
        @Nullable Instant previousUntil) {

    static StoredKey of(ApiKey key, KeyHash hash, @Nullable KeyHash previousHash, @Nullable Instant previousUntil) {
        return new StoredKey(
                key, new Identity(key.owner(), key.grants(), key.quotas()), hash, previousHash, previousUntil);
    }

    /** Whether a text with this hash is the key. */
    boolean is(KeyHash ofText) {
        boolean former = previousHash != null
                && previousUntil != null
                && previousHash.is(ofText)
                && previousUntil.isAfter(Instant.now());
        return hash.is(ofText) || former;
    }

    boolean expired() {
        Instant end = key.expiresAt();
        return end != null && !end.isAfter(Instant.now());
    }
}
