package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens of an issuer that is known say who sends a request, and their claims what they may do. */
class TokensIT {

    private static TokenIssuer issuer;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() throws IOException, JOSEException {
        issuer = new TokenIssuer();
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                "sluice.jwt.issuer=" + issuer.url(),
                "sluice.jwt.audience=" + TokenIssuer.AUDIENCE,
                "sluice.sinks.orders.type=table",
                "sluice.sinks.orders.partitions=0,1",
                "sluice.sinks.other.type=table",
                "sluice.sinks.other.partitions=0");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
        issuer.close();
    }

    private static Client with(Object grants) throws JOSEException {
        return client.as(issuer.token(claims -> claims.claim("sluice", grants)));
    }

    static Stream<Object> grants() {
        return Stream.of(
                List.of(Map.of("sinks", "orders", "verbs", List.of("write", "read"))),
                List.of("orders:write,read"),
                "orders:write,read",
                "orders:write orders:read");
    }

    @ParameterizedTest
    @MethodSource("grants")
    void mayDoWhatTheirClaimsGrant(Object grants) throws JOSEException {
        Client loader = with(grants);
        loader.batch("orders", "0", loader.snapshot("orders", "0").number("nextOffset"), "1")
                .isWritten("committed");
        loader.batch("other", "0", 0, "1").isProblem(404, "unknown-sink");
        loader.put("/sinks/orders", "{}").isProblem(403, "forbidden");
    }

    @Test
    void areNamedInTheTrail() throws JOSEException {
        with("orders:operate").post("/sinks/orders/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"a test\"}");
        with("orders:operate").post("/sinks/orders/resume", Client.JSON, "{\"reason\":\"a test\"}");
        assertThat(with("*:admin").get("/audit?action=pause").body().toString()).contains("\"actor\":\"jwt:loader\"");
    }

    @Test
    void seeNothingWithoutAGrant() throws JOSEException {
        Client known = client.as(issuer.token(claims -> {}));
        assertThat(known.get("/sinks").body().path("sinks").size()).isZero();
        known.get("/sinks/orders").isProblem(404, "unknown-sink");
        known.get("/actuator/prometheus").isProblem(403, "forbidden");
    }

    private record Wrong(String what, Consumer<JWTClaimsSet.Builder> change, String told) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong("for somebody else", claims -> claims.audience("other"), "aud"),
                new Wrong("for nobody", claims -> claims.audience((String) null), "aud"),
                new Wrong("of somebody else", claims -> claims.issuer("http://127.0.0.1:1"), "iss"),
                new Wrong(
                        "over",
                        claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(120))),
                        "expired"),
                new Wrong("without an end", claims -> claims.expirationTime(null), "exp"),
                new Wrong(
                        "too early",
                        claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600))),
                        "before"),
                new Wrong("without a name", claims -> claims.subject(null), "sub"),
                new Wrong("of a bad name", claims -> claims.subject("a\nb"), "visible"),
                new Wrong(
                        "of an unknown verb", claims -> claims.claim("sluice", "orders:fly"), "there is no verb 'fly'"),
                new Wrong("of a number", claims -> claims.claim("sluice", 7), "must be an object"),
                new Wrong("of half a grant", claims -> claims.claim("sluice", "orders"), "must be an object"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void areRefusedIfTheyAre(Wrong wrong) throws JOSEException {
        Answer refused = client.as(issuer.token(claims -> {
                    claims.claim("sluice", "*:read");
                    wrong.change().accept(claims);
                }))
                .get("/sinks")
                .isProblem(401, "unauthenticated");
        assertThat(refused.text("detail")).contains(wrong.told());
    }

    @Test
    void areRefusedIfTheyAreNotSignedByTheIssuer() throws JOSEException {
        Consumer<JWTClaimsSet.Builder> all = claims -> claims.claim("sluice", "*:admin");
        client.as(issuer.token(TokenIssuer.newKey("first"), all)).get("/keys").isProblem(401, "unauthenticated");
        client.as(issuer.token(TokenIssuer.newKey("unknown"), all)).get("/keys").isProblem(401, "unauthenticated");
        String right = issuer.token(all);
        client.as(right.substring(0, right.lastIndexOf('.') + 1)).get("/keys").isProblem(401, "unauthenticated");
        String unsigned = new PlainJWT(new JWTClaimsSet.Builder()
                        .issuer(issuer.url())
                        .audience(TokenIssuer.AUDIENCE)
                        .subject("loader")
                        .claim("sluice", "*:admin")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build())
                .serialize();
        client.as(unsigned).get("/keys").isProblem(401, "unauthenticated");
        for (String text : List.of("a.b.c", "....", "not-a-token")) {
            client.as(text).get("/keys").isProblem(401, "unauthenticated");
        }
    }

    @Test
    void areTakenBesideKeys() throws JOSEException {
        Answer made = with("*:admin")
                .post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"beside\",\"grants\":[{\"sinks\":\"orders\",\"verbs\":[\"read\"]}]}");
        made.has("createdBy", "jwt:loader");
        assertThat(client.as(made.text("key")).get("/sinks/orders").status()).isEqualTo(200);
        client.get("/sinks").isProblem(401, "unauthenticated");
        with("*:admin").get("/keys").has("wanted", true);
    }

    /* What is known of a token is known for a while; what is not has to wait for the issuer. */
    @Test
    void areTakenWhileTheIssuerIsAwayIfItsKeysAreKnown() throws IOException, JOSEException {
        try (TokenIssuer other = new TokenIssuer();
                InProcess own = InProcess.on(
                        PostgresForTests.freshDatabase(),
                        List.of(),
                        "sluice.jwt.issuer=" + other.url(),
                        "sluice.jwt.audience=" + TokenIssuer.AUDIENCE)) {
            other.isAway(true);
            String token = other.token(claims -> claims.claim("sluice", "*:read"));
            Answer waits = own.client().as(token).get("/sinks").isProblem(503, "issuer-unavailable");
            assertThat(waits.text("detail")).contains(other.url());
            assertThat(own.client().get("/actuator/health").status()).isEqualTo(200);
            other.isAway(false);
            assertThat(own.client().as(token).get("/sinks").status()).isEqualTo(200);
            int asked = other.asked();
            other.isAway(true);
            assertThat(own.client().as(token).get("/sinks").status()).isEqualTo(200);
            assertThat(other.asked()).isEqualTo(asked);
            other.isAway(false);
            other.changesKey("second");
            String later = other.token(claims -> claims.claim("sluice", "*:read"));
            assertThat(own.client().as(later).get("/sinks").status()).isEqualTo(200);
        }
    }
}
