package dev.sluice.token;

import dev.sluice.access.Grant;
import dev.sluice.access.Identity;
import dev.sluice.access.Quotas;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/** Knows senders by tokens. What was found out of one holds for half a minute, and no longer than it. Thread-safe. */
@Component
@EnableConfigurationProperties(TokenProperties.class)
public class Tokens {

    private static final Logger log = LoggerFactory.getLogger(Tokens.class);
    private static final Duration LONGEST_KNOWN = Duration.ofSeconds(30);
    private static final int MOST_KNOWN = 10_000;
    private static final int LONGEST_NAME = 200;

    private record Known(Identity identity, Instant until) {}

    private final TokenProperties properties;
    private final @Nullable JwtDecoder decoder;

    /* By the hash of the text, so that no token lies about in memory. */
    private final Map<ByteBuffer, Known> known = new ConcurrentHashMap<>();

    Tokens(TokenProperties properties) {
        this.properties = properties;
        this.decoder = properties.issuer() == null ? null : Decoders.of(properties);
    }

    /** Whether there is an issuer whose tokens are taken. */
    public boolean areTaken() {
        return decoder != null;
    }

    /**
     * Returns whom a token names.
     *
     * @throws ProblemException if it is none of ours, or the issuer cannot be asked
     */
    public Identity identify(String text) {
        ByteBuffer hash = hash(text);
        Known before = known.get(hash);
        if (before != null && before.until().isAfter(Instant.now())) {
            return before.identity();
        }
        Jwt token = decoded(text);
        Identity identity = new Identity(name(token), grants(token), quotas(token));
        remember(hash, identity, token.getExpiresAt());
        return identity;
    }

    private void remember(ByteBuffer hash, Identity identity, @Nullable Instant expiresAt) {
        Instant longest = Instant.now().plus(LONGEST_KNOWN);
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        known.put(hash, new Known(identity, expiresAt == null || expiresAt.isAfter(longest) ? longest : expiresAt));
    }

    private Jwt decoded(String text) {
        JwtDecoder reader = decoder;
        if (reader == null) {
            throw refused("this service takes no tokens, only keys");
        }
        try {
            return reader.decode(text);
        } catch (BadJwtException e) {
            throw refused("the token is not taken: " + e.getMessage());
        } catch (JwtException | JwtDecoderInitializationException e) {
            log.warn("Tokens of {} cannot be checked: {}", properties.issuer(), e.getMessage());
            throw Problem.of(
                            ProblemType.ISSUER_UNAVAILABLE,
                            "the keys of the issuer " + properties.issuer() + " cannot be had, so that nobody knows"
                                    + " whether the token is right; nothing was done. Send the same request again")
                    .retryAfter(5)
                    .exception();
        }
    }

    private String name(Jwt token) {
        String name = token.getClaimAsString(properties.nameClaim());
        if (name == null
                || name.isBlank()
                || name.length() > LONGEST_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw refused("the token has no claim '" + properties.nameClaim() + "' (sluice.jwt.name-claim) that names"
                    + " its owner in 1 to " + LONGEST_NAME + " visible characters");
        }
        return "jwt:" + name;
    }

    private List<Grant> grants(Jwt token) {
        try {
            return Claims.grants(token.getClaim(properties.grantsClaim()));
        } catch (ProblemException e) {
            throw refused("the claim '" + properties.grantsClaim()
                    + "' (sluice.jwt.grants-claim) of the token cannot be" + " read: " + e.getMessage());
        }
    }

    private Quotas quotas(Jwt token) {
        TokenQuotas ofAll = properties.quotas();
        Quotas quotas = ofAll == null ? Quotas.NONE : ofAll.quotas();
        Object claim = token.getClaim(properties.quotasClaim());
        try {
            return claim == null ? quotas : quotas.with(Claims.quotas(claim));
        } catch (ProblemException e) {
            throw refused("the claim '" + properties.quotasClaim()
                    + "' (sluice.jwt.quotas-claim) of the token cannot be read: " + e.getMessage());
        }
    }

    private static RuntimeException refused(String detail) {
        return Problem.of(ProblemType.UNAUTHENTICATED, detail).exception();
    }

    private static ByteBuffer hash(String text) {
        try {
            return ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
