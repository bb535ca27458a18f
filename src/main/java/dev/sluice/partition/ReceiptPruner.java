package dev.sluice.partition;

import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.snapshot.ReceiptProperties;
import dev.sluice.snapshot.ReceiptStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes receipts that are older than the retention, a few at a time. */
@Component
class ReceiptPruner {

    private static final Logger log = LoggerFactory.getLogger(ReceiptPruner.class);
    private static final int AT_A_TIME = 1_000;

    private final ReceiptStore receipts;
    private final ReceiptProperties properties;
    private final Counter pruned;

    /* Of the one thread that prunes. */
    private boolean interrupted;

    ReceiptPruner(ReceiptStore receipts, ReceiptProperties properties, MeterRegistry meters) {
        this.receipts = receipts;
        this.properties = properties;
        this.pruned = Counter.builder("sluice.receipts.pruned")
                .description("Receipts that were removed because of their age")
                .register(meters);
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void prune() {
        try {
            int removed = AT_A_TIME;
            while (removed == AT_A_TIME) {
                removed = receipts.prune(properties.retention(), AT_A_TIME);
                pruned.increment(removed);
            }
            if (interrupted) {
                log.info("Old receipts are pruned again");
            }
            interrupted = false;
        } catch (DataAccessException e) {
            if (!interrupted) {
                log.warn(
                        "Old receipts could not be pruned, trying again every minute: {}", DatabaseFailure.describe(e));
            }
            interrupted = true;
        }
    }
}
