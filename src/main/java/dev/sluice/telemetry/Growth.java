package dev.sluice.telemetry;

import dev.sluice.snapshot.Claims;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Measures what grows, once a minute, on one replica for all: the one whose name comes first among those that live. */
@Component
class Growth {

    private static final Logger log = LoggerFactory.getLogger(Growth.class);

    private final NumbersStore store;
    private final SharedNumbers numbers;
    private final Claims claims;
    private volatile Sizes sizes = Sizes.UNKNOWN;

    Growth(NumbersStore store, SharedNumbers numbers, Claims claims) {
        this.store = store;
        this.numbers = numbers;
        this.claims = claims;
    }

    /** Returns what was measured last; unknown where another replica does. */
    Sizes sizes() {
        return sizes;
    }

    @Scheduled(initialDelay = 2, fixedDelay = 60, timeUnit = TimeUnit.SECONDS)
    void measure() {
        boolean here = numbers.now()
                .filter(known -> known.measuring().equals(claims.replica()))
                .isPresent();
        Sizes measured = Sizes.UNKNOWN;
        if (here) {
            try {
                measured = store.sizes();
            } catch (DataAccessException e) {
                log.debug("What grows in the database cannot be measured; trying again in a minute", e);
            }
        }
        sizes = measured;
    }
}
