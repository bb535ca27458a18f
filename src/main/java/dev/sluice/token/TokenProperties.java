package dev.sluice.token;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens are taken.
 *
 * @param issuer who has to have issued them, as it stands in {@code iss}; by what it publishes there its keys are found
 * @param audience for whom they have to be, as it stands in {@code aud}
 * @param jwkSetUri where the issuer's keys are, for one that publishes nothing else
 * @param grantsClaim the claim with the grants
 * @param nameClaim the claim by which the sender is named in the trail of audit
 * @param quotas of each sender, whatever the token says not of them
 * @param quotasClaim the claim with quotas, which go before those
 */
@ConfigurationProperties(prefix = "sluice.jwt", ignoreUnknownFields = false)
record TokenProperties(
        @Nullable URI issuer,
        @Nullable String audience,
        @Nullable URI jwkSetUri,
        @DefaultValue("sluice") String grantsClaim,
        @DefaultValue("sub") String nameClaim,
        @Nullable TokenQuotas quotas,
        @DefaultValue("sluice_quotas") String quotasClaim) {

    TokenProperties {
        if ((issuer == null) != (audience == null)) {
            throw new IllegalArgumentException("sluice.jwt.issuer and sluice.jwt.audience go together: a token of the"
                    + " issuer that is for somebody else must not open this service");
        }
        if (jwkSetUri != null && issuer == null) {
            throw new IllegalArgumentException("sluice.jwt.jwk-set-uri goes with sluice.jwt.issuer");
        }
    }
}
