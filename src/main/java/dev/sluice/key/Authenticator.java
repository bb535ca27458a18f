package dev.sluice.key;

import dev.sluice.access.Identity;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Knows senders by the header {@code Authorization: Bearer <key>}. Thread-safe. */
@Component
public class Authenticator {

    private static final String SCHEME = "Bearer ";

    private final Keys keys;
    private final AdministratorKey administrator;

    Authenticator(Keys keys, AdministratorKey administrator) {
        this.keys = keys;
        this.administrator = administrator;
    }

    /** Whether senders have to say who they are. */
    public boolean isRequired() {
        return administrator.isConfigured();
    }

    /**
     * Returns who sends this header.
     *
     * @param authorization the header's value, null where there is none
     * @throws dev.sluice.problem.ProblemException if it names nobody
     */
    public Identity identify(@Nullable String authorization) {
        if (authorization == null) {
            throw refused("the request has no Authorization header; this service wants a key: Authorization: Bearer "
                    + KeyText.PREFIX + "…");
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused("the Authorization header is of another scheme than Bearer; this service wants a key:"
                    + " Authorization: Bearer " + KeyText.PREFIX + "…");
        }
        String text = authorization.substring(SCHEME.length()).strip();
        StoredKey stored = known(text).orElseThrow(() -> unknown(text));
        if (stored.expired()) {
            throw refused(stored.identity().name() + " has expired at "
                    + stored.key().expiresAt() + "; ask an administrator for another one");
        }
        keys.uses(stored);
        return stored.identity();
    }

    private Optional<StoredKey> known(String text) {
        String id = KeyText.idOf(text);
        // What is no key at all must not have the database asked.
        return id.isEmpty() || !(keys.mayKnow(id) || KeyText.isWhole(text))
                ? Optional.empty()
                : keys.find(id).filter(stored -> stored.is(KeyHash.of(text)));
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
