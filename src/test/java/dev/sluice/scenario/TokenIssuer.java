package dev.sluice.scenario;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An issuer of tokens on this machine, with what OpenID Connect publishes of one. */
public final class TokenIssuer implements AutoCloseable {

    public static final String AUDIENCE = "sluice";

    private static final int BITS = 2_048;

    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile RSAKey key;
    private volatile boolean away;

    public TokenIssuer() throws IOException, JOSEException {
        key = newKey("first");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/.well-known/openid-configuration", exchange -> answer(exchange, """
                {"issuer": "%s", "jwks_uri": "%s/keys", "subject_types_supported": ["public"]}""".formatted(url(), url())));
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            answer(exchange, new JWKSet(key.toPublicJWK()).toString());
        });
        server.start();
    }

    static RSAKey newKey(String id) throws JOSEException {
        return new RSAKeyGenerator(BITS).keyID(id).generate();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns how often its keys were asked for. */
    int asked() {
        return asked.get();
    }

    /** Has it answer nothing but 503 for a while. */
    void isAway(boolean gone) {
        away = gone;
    }

    /** Gives it another key in place of its own. */
    void changesKey(String id) throws JOSEException {
        key = newKey(id);
    }

    /** Returns a token that is right but for what is changed. */
    public String token(Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
        return token(key, change);
    }

    String token(RSAKey by, Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(AUDIENCE)
                .subject("loader")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
        change.accept(claims);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(by.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims.build());
        token.sign(new RSASSASigner(by));
        return token.serialize();
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(away ? 503 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
