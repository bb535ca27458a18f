package dev.sluice.catalog;

import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Sees what other replicas have changed: every now and then, and when somebody asks for what is not known. */
@Component
class DefinitionPoll {

    private static final Logger log = LoggerFactory.getLogger(DefinitionPoll.class);
    private static final long MILLIS_BETWEEN = 500;
    private static final long NANOS_BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DefinitionLoader loader;

    /* Guards lastLook. */
    private final ReentrantLock looking = new ReentrantLock(true);
    private long lastLook = System.nanoTime() - NANOS_BETWEEN_LOOKS;

    /* Of the one thread that polls. */
    private boolean interrupted;

    DefinitionPoll(DefinitionLoader loader) {
        this.loader = loader;
    }

    @Scheduled(initialDelay = MILLIS_BETWEEN, fixedDelay = MILLIS_BETWEEN)
    void poll() {
        try {
            loader.exclusively(() -> loader.refresh(true));
            if (interrupted) {
                log.info("Definitions can be looked at again");
            }
            interrupted = false;
        } catch (DataAccessException | TransactionException e) {
            if (!interrupted) {
                log.warn(
                        "Definitions cannot be looked at, going on with those that are known: {}",
                        DatabaseFailure.describe(e));
            }
            interrupted = true;
        } catch (RuntimeException e) {
            log.error("Definitions cannot be looked at", e);
        }
    }

    /**
     * Looks for definitions that are not known yet. All who ask at once share a look, and there are ten a second at
     * most: whoever tries one name after the other waits.
     */
    void lookAgain() {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return; // somebody else's, in which nothing can be prepared
        }
        long asked = System.nanoTime();
        looking.lock();
        try {
            if (lastLook - asked > 0) {
                return;
            }
            long wait = lastLook + NANOS_BETWEEN_LOOKS - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            lastLook = System.nanoTime();
            loader.exclusively(() -> loader.refresh(false));
        } catch (DataAccessException | TransactionException e) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    "no such sink is known here, and the database, which may know it, cannot be asked: "
                            + DatabaseFailure.describe(e),
                    e);
        } finally {
            looking.unlock();
        }
    }
}
