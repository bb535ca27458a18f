package dev.sluice.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.web.client.RestTemplate;

/** Makes what checks tokens: signature, issuer, audience, time, and that they end. */
final class Decoders {

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    private Decoders() {}

    /** Makes one that asks the issuer when the first token comes: the service starts without it. */
    static JwtDecoder of(TokenProperties properties) {
        return new SupplierJwtDecoder(() -> make(properties));
    }

    private static JwtDecoder make(TokenProperties properties) {
        String issuer = Objects.requireNonNull(properties.issuer()).toString();
        URI keys = properties.jwkSetUri();
        NimbusJwtDecoder decoder = keys == null
                ? NimbusJwtDecoder.withIssuerLocation(issuer)
                        .restOperations(http())
                        .build()
                : NimbusJwtDecoder.withJwkSetUri(keys.toString())
                        .restOperations(http())
                        .jwsAlgorithms(algorithms -> algorithms.addAll(Set.of(SignatureAlgorithm.values())))
                        .build();
        decoder.setJwtValidator(validator(issuer, Objects.requireNonNull(properties.audience())));
        return decoder;
    }

    private static RestTemplate http() {
        SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
        factory.setConnectTimeout(LONGEST_LOOK);
        factory.setReadTimeout(LONGEST_LOOK);
        return new RestTemplate(factory);
    }

    private static OAuth2TokenValidator<Jwt> validator(String issuer, String audience) {
        JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt");
        type.setAllowEmpty(true);
        return new DelegatingOAuth2TokenValidator<>(
                type,
                new JwtTimestampValidator(),
                new JwtClaimValidator<>(JwtClaimNames.EXP, Objects::nonNull),
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, audiences -> audiences != null && audiences.contains(audience)));
    }
}
