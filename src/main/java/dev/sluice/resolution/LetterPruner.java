package dev.sluice.resolution;

import dev.sluice.outcome.DatabaseFailure;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes dead letters of which nothing is to be decided any more, a few at a time. */
@Component
@EnableConfigurationProperties(DeadLetterProperties.class)
class LetterPruner {

    private static final Logger log = LoggerFactory.getLogger(LetterPruner.class);
    private static final int AT_A_TIME = 1_000;

    private final LetterRows rows;
    private final DeadLetterProperties properties;

    LetterPruner(LetterRows rows, DeadLetterProperties properties) {
        this.rows = rows;
        this.properties = properties;
    }

    @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void prune() {
        try {
            int removed = AT_A_TIME;
            while (removed == AT_A_TIME) {
                removed = rows.prune(properties.retention(), AT_A_TIME);
            }
        } catch (DataAccessException e) {
            log.warn("Old dead letters could not be pruned, trying again later: {}", DatabaseFailure.describe(e));
        }
    }
}
