package dev.sluice.session;

import dev.sluice.key.AdministratorKey;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * Keeps people signed in. Nothing is stored: the cookie holds the key or token itself, sealed with a secret that is made
 * of the administrator's key, so that every replica with the same file can read it and nobody else. Whether the key still
 * holds is asked at each request, as of a request with the key itself. Thread-safe.
 */
@Component
@EnableConfigurationProperties(ConsoleProperties.class)
public class BrowserSessions {

    private static final String COOKIE = "sluice-session";
    private static final String PATH = "/console";
    private static final String PURPOSE = "sessions of the console";
    private static final Duration TOLD_AFTER = Duration.ofMinutes(1);
    private static final int MOST_ENDED = 10_000;
    /* Beyond it browsers drop a cookie without a word. */
    private static final int LONGEST_CREDENTIAL = 2_700;

    private final ConsoleProperties properties;
    private final AdministratorKey administrator;
    private final Clock clock;
    private final byte[] ownSecret = new byte[32];
    /* Those that were signed out of at this replica, and when. */
    private final Map<String, Instant> ended = new ConcurrentHashMap<>();

    BrowserSessions(ConsoleProperties properties, AdministratorKey administrator, ObjectProvider<Clock> clock) {
        this.properties = properties;
        this.administrator = administrator;
        this.clock = clock.getIfAvailable(Clock::systemUTC);
        new SecureRandom().nextBytes(ownSecret);
    }

    /** Whether a key or token is short enough for a cookie. */
    public static boolean holds(String credential) {
        return credential.length() <= LONGEST_CREDENTIAL;
    }

    /** Begins a session; returns the value of {@code Set-Cookie}. */
    public String begin(String credential, HttpServletRequest request) {
        Instant now = clock.instant();
        return cookie(new Session(UUID.randomUUID().toString(), credential, now, now), request);
    }

    /** Returns the session that a request belongs to, if it has one that has not ended. */
    public Optional<Session> of(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null || !isHere(request)) {
            return Optional.empty();
        }
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(COOKIE)) {
                return seal().open(cookie.getValue()).flatMap(this::parsed).filter(this::goesOn);
            }
        }
        return Optional.empty();
    }

    /* A browser does not send the cookie elsewhere; nobody is to make use of one elsewhere either. */
    private static boolean isHere(HttpServletRequest request) {
        // As the container has decoded and normalized it.
        String path = request.getPathInfo() == null ? request.getServletPath() : request.getPathInfo();
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    /** Returns the value of {@code Set-Cookie} that keeps a session from its idle end, where it is time to tell. */
    public Optional<String> renewed(Session session, HttpServletRequest request) {
        Instant now = clock.instant();
        return session.seenAt().plus(toldAfter()).isBefore(now)
                ? Optional.of(cookie(session.seen(now), request))
                : Optional.empty();
    }

    private Duration toldAfter() {
        Duration quarter = properties.idleEnd().dividedBy(4);
        return quarter.compareTo(TOLD_AFTER) < 0 ? quarter : TOLD_AFTER;
    }

    /** Ends a session; returns the value of {@code Set-Cookie} that has the browser forget it. */
    public String end(HttpServletRequest request) {
        of(request).ifPresent(session -> {
            if (ended.size() >= MOST_ENDED) {
                Instant old = clock.instant().minus(properties.sessionEnd());
                ended.values().removeIf(old::isAfter);
                ended.entrySet().stream()
                        .min(Map.Entry.comparingByValue())
                        .filter(oldest -> ended.size() >= MOST_ENDED)
                        .ifPresent(oldest -> ended.remove(oldest.getKey()));
            }
            ended.put(session.id(), clock.instant());
        });
        return cookie("", request).maxAge(0).build().toString();
    }

    /**
     * Returns what the forms of a session have to send with them.
     *
     * @param sender who looks at the page, which counts where there is no session
     */
    public String formToken(Optional<Session> session, String sender) {
        return seal().sign(session.map(Session::id).orElse(sender));
    }

    /** Whether a form has sent what it has to. */
    public boolean isFormToken(String token, Optional<Session> session, String sender) {
        return MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8),
                formToken(session, sender).getBytes(StandardCharsets.UTF_8));
    }

    private boolean goesOn(Session session) {
        Instant now = clock.instant();
        return session.seenAt().plus(properties.idleEnd()).isAfter(now)
                && session.begunAt().plus(properties.sessionEnd()).isAfter(now)
                && !ended.containsKey(session.id());
    }

    private Optional<Session> parsed(String text) {
        String[] parts = text.split(" ", 4);
        return parts.length < 4
                ? Optional.empty()
                : Optional.of(new Session(
                        parts[0],
                        parts[3],
                        Instant.ofEpochMilli(Long.parseLong(parts[1])),
                        Instant.ofEpochMilli(Long.parseLong(parts[2]))));
    }

    private String cookie(Session session, HttpServletRequest request) {
        String text = session.id() + " " + session.begunAt().toEpochMilli() + " "
                + session.seenAt().toEpochMilli() + " " + session.credential();
        return cookie(seal().close(text), request).build().toString();
    }

    private static ResponseCookie.ResponseCookieBuilder cookie(String value, HttpServletRequest request) {
        return ResponseCookie.from(COOKIE, value)
                .path(request.getContextPath() + PATH)
                .httpOnly(true)
                .secure(request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto")))
                .sameSite("Strict");
    }

    private Seal seal() {
        return new Seal(administrator.secretFor(PURPOSE).orElse(ownSecret));
    }
}
