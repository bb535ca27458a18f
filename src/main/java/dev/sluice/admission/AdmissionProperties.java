package dev.sluice.admission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much is taken in at once; beyond it requests are refused before their body is read. A sink gets no more of it than
 * it leaves free: half of it while it is alone.
 *
 * @param maxRequests requests that write, open or close, from their head to their answer
 * @param maxBytes what the bodies of these have together, before decompression: what their heads announce, or else what
 *     has come
 * @param slowAfter how long a body may come slowly until its request loses its place to others
 * @param slowBelow bytes a second below which a body is slow
 * @param maxSlow requests without a place whose bodies still come; one more is cut off
 */
@ConfigurationProperties(prefix = "sluice.admission", ignoreUnknownFields = false)
public record AdmissionProperties(
        @DefaultValue("640") int maxRequests,
        @DefaultValue("16GB") DataSize maxBytes,
        @DefaultValue("2s") Duration slowAfter,
        @DefaultValue("64KB") DataSize slowBelow,
        @DefaultValue("64") int maxSlow) {

    public AdmissionProperties {
        require(maxRequests > 1, "max-requests", "2 or more");
        require(maxBytes.toBytes() > 0, "max-bytes", "a size, like 16GB");
        require(slowAfter.toMillis() > 0, "slow-after", "a duration, like 2s");
        require(slowBelow.toBytes() > 0, "slow-below", "a size, like 64KB");
        require(maxSlow >= 0, "max-slow", "0 or more");
    }

    private static void require(boolean holds, String key, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.admission." + key + " must be " + expected);
        }
    }
}
