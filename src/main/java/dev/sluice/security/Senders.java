package dev.sluice.security;

import dev.sluice.access.Identity;
import dev.sluice.key.Authenticator;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
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
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() > 1) {
            throw Problem.of(
                            ProblemType.UNAUTHENTICATED,
                            "the request has " + headers.size() + " Authorization headers; it must have one")
                    .exception();
        }
        if (headers.isEmpty() && paths.isPublic(request)) {
            return Identity.NOBODY;
        }
        return authenticator.identify(headers.isEmpty() ? null : headers.get(0));
    }
}
