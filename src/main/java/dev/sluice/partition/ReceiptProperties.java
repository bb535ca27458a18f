package dev.sluice.partition;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the ledger is kept.
 *
 * @param retention after this a repeated batch is still known as a duplicate, but no longer compared
 */
@ConfigurationProperties(prefix = "sluice.receipts", ignoreUnknownFields = false)
record ReceiptProperties(@DefaultValue("30d") Duration retention) {

    ReceiptProperties {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("sluice.receipts.retention must be a duration, like 30d");
        }
    }
}
