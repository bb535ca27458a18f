package dev.sluice.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How buffers are delivered.
 *
 * @param lookEvery how often buffers are looked at for what is due, besides the whole batches that this process accepts
 */
@ConfigurationProperties(prefix = "sluice.delivery", ignoreUnknownFields = false)
record DeliveryProperties(@DefaultValue("50ms") Duration lookEvery) {

    DeliveryProperties {
        if (lookEvery.toMillis() < 1) {
            throw new IllegalArgumentException("sluice.delivery.look-every must be a duration, like 50ms");
        }
    }
}
