package dev.sluice.security;

import dev.sluice.access.Identity;
import dev.sluice.key.Authenticator;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Finds out who sends a request. */
@Component
class Senders {

    private final Authenticator authenticator;
    private final PublicPaths paths;

    Senders(Authenticator authenticator, PublicPaths paths) {
        this.authenticator = authenticator;
        this.paths = paths;
    }

    /** Whether senders have to say who they are. */
    boolean mustSay() {
        return authenticator.isRequired();
    }

    /** Returns the sender; throws a {@link dev.sluice.problem.ProblemException} where it is nobody who is known. */
    Identity of(HttpServletRequest request) {
        if (!authenticator.isRequired()) {
            return Identity.ANYBODY;
        }
        boolean anybody = paths.isPublic(request);
        Enumeration<String> headers = request.getHeaders(HttpHeaders.AUTHORIZATION);
        String first = headers.hasMoreElements() ? headers.nextElement() : null;
        if (anybody) {
            return known(first, headers.hasMoreElements());
        }
        if (headers.hasMoreElements()) {
            throw Problem.of(
                            ProblemType.UNAUTHENTICATED,
                            "the request has several Authorization headers; it must have one")
                    .exception();
        }
        return authenticator.identify(first);
    }

    /* Who may ask without a key may also ask with one that is none, or that cannot be looked up. */
    private Identity known(@Nullable String authorization, boolean several) {
        if (authorization == null || several) {
            return Identity.NOBODY;
        }
        try {
            return authenticator.identify(authorization);
        } catch (ProblemException | DataAccessException e) {
            return Identity.NOBODY;
        }
    }
}
