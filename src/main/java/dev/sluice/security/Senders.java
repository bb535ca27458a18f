package dev.sluice.security;

import dev.sluice.access.Identity;
import dev.sluice.certificate.ClientCertificates;
import dev.sluice.key.Authenticator;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import dev.sluice.session.BrowserSessions;
import dev.sluice.session.Session;
import dev.sluice.token.Tokens;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Finds out who sends a request. */
@Component
class Senders {

    private static final String SCHEME = "Bearer ";
    private static final String EXPECTED = "Authorization: Bearer slk_…, or a token of its issuer";
    private static final X509Certificate[] NONE = {};
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final Authenticator keys;
    private final Tokens tokens;
    private final ClientCertificates certificates;
    private final PublicPaths paths;
    private final BrowserSessions sessions;

    Senders(
            Authenticator keys,
            Tokens tokens,
            ClientCertificates certificates,
            PublicPaths paths,
            BrowserSessions sessions) {
        this.keys = keys;
        this.tokens = tokens;
        this.certificates = certificates;
        this.paths = paths;
        this.sessions = sessions;
    }

    /** Whether senders have to say who they are. */
    boolean mustSay() {
        return keys.isConfigured() || tokens.areTaken() || certificates.areTaken();
    }

    /** Returns the sender; throws a {@link dev.sluice.problem.ProblemException} where it is nobody who is known. */
    Identity of(HttpServletRequest request) {
        if (!mustSay()) {
            return Identity.ANYBODY;
        }
        boolean anybody = paths.isPublic(request);
        Enumeration<String> headers = request.getHeaders(HttpHeaders.AUTHORIZATION);
        String first = headers.hasMoreElements() ? headers.nextElement() : ofSession(request);
        if (anybody) {
            return known(first, headers.hasMoreElements(), request);
        }
        if (headers.hasMoreElements()) {
            throw refused("the request has several Authorization headers; it must have one");
        }
        return identify(first, request);
    }

    /* What a browser has in the place of the header. */
    private @Nullable String ofSession(HttpServletRequest request) {
        return sessions.of(request)
                .map(Session::credential)
                .map(credential -> SCHEME + credential)
                .orElse(null);
    }

    /** Returns whose key or token this is; throws as {@link #of} does. */
    Identity whose(String credential) {
        return mustSay() ? identify(SCHEME + credential) : Identity.ANYBODY;
    }

    /*
     * What a request says for itself goes before what its connection has shown: several writers may share a connection
     * behind a proxy with a certificate of its own. A key that is not taken is not made good by a certificate.
     */
    private Identity identify(@Nullable String authorization, HttpServletRequest request) {
        if (authorization != null) {
            return identify(authorization);
        }
        X509Certificate[] chain = shown(request);
        if (chain.length == 0) {
            throw refused("the request has no Authorization header; this service wants to know who asks: " + EXPECTED
                    + (certificates.areTaken() ? "; or a client certificate, which the connection has not shown" : ""));
        }
        return certificates.identify(chain);
    }

    private X509Certificate[] shown(HttpServletRequest request) {
        return certificates.areTaken() && request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
                ? chain
                : NONE;
    }

    private Identity identify(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused("the Authorization header is of another scheme than Bearer; this service wants " + EXPECTED);
        }
        String text = authorization.substring(SCHEME.length()).strip();
        return tokens.areTaken() && !Authenticator.maySay(text) ? tokens.identify(text) : keys.identify(text);
    }

    private static RuntimeException refused(String detail) {
        return Problem.of(ProblemType.UNAUTHENTICATED, detail).exception();
    }

    /* Who may ask without a key may also ask with one that is none, or that cannot be looked up. */
    private Identity known(@Nullable String authorization, boolean several, HttpServletRequest request) {
        if (several || (authorization == null && shown(request).length == 0)) {
            return Identity.NOBODY;
        }
        try {
            return identify(authorization, request);
        } catch (ProblemException | DataAccessException e) {
            return Identity.NOBODY;
        }
    }
}
