package dev.sluice.snapshot;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the ledger is kept.
 *
 * @param retention after this a repeated batch is still known as a duplicate, but no longer compared; 0 keeps none
 */
@ConfigurationProperties(prefix = "sluice.receipts", ignoreUnknownFields = false)
public record ReceiptProperties(@DefaultValue("30d") Duration retention) {

    public ReceiptProperties {
        if (retention.isNegative()) {
            throw new IllegalArgumentException("sluice.receipts.retention must be a duration, like 30d, or 0 to keep"
                    + " no receipts: then repeated batches are recognised, but not compared");
        }
    }

    /** Whether there are receipts, for which records have to be hashed. */
    public boolean kept() {
        return !retention.isZero();
    }
}
