package dev.sluice.key;

import dev.sluice.access.Identity;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Knows senders by their keys. Thread-safe. */
@Component
public class Authenticator {

    private final Keys keys;
    private final AdministratorKey administrator;

    Authenticator(Keys keys, AdministratorKey administrator) {
        this.keys = keys;
        this.administrator = administrator;
    }

    /** Whether there is a key by which others can be made. */
    public boolean isConfigured() {
        return administrator.isConfigured();
    }

    /**
     * Returns whose key this is.
     *
     * @throws dev.sluice.problem.ProblemException if it is nobody's
     */
    public Identity identify(String text) {
        StoredKey stored = known(text).orElseThrow(() -> unknown(text));
        if (stored.expired()) {
            throw refused(stored.identity().name() + " has expired at "
                    + stored.key().expiresAt() + "; ask an administrator for another one");
        }
        keys.uses(stored);
        return stored.identity();
    }

    /** Whether a text may be a key, by how it begins. */
    public static boolean maySay(String text) {
        return text.startsWith(KeyText.PREFIX);
    }

    private Optional<StoredKey> known(String text) {
        String id = KeyText.idOf(text);
        // What is no key at all must not have the database asked.
        if (id.isEmpty() || !(keys.mayKnow(id) || KeyText.isWhole(text))) {
            return Optional.empty();
        }
        // Made whether the id is known or not: how long a refusal takes must not tell.
        KeyHash hash = KeyHash.of(text);
        return keys.find(id).filter(stored -> stored.is(hash));
    }

    private static RuntimeException unknown(String text) {
        return KeyText.isWhole(text)
                ? refused("the key " + new KeyText(text) + " is not known here, or has been revoked or rotated")
                : refused("what stands behind Bearer is no key of this service: keys are " + KeyText.PREFIX
                        + "… as they were shown when they were made, without anything before or behind");
    }

    private static RuntimeException refused(String detail) {
        return Problem.of(ProblemType.UNAUTHENTICATED, detail).exception();
    }
}
