package dev.sluice.control;

import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.snapshot.Claims;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Keeps what replicas hold in memory as new as the database: it is looked at twice a second, and read again when its
 * revision has moved on. A process that has not looked for a while, because it was stopped, looks before it answers.
 * Thread-safe.
 */
@Component
public class Revisions implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(Revisions.class);
    private static final long MILLIS_BETWEEN = 500;

    /* Less than what a process is taken for living without a sign of life: one that does not count must not go on. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long NANOS_BETWEEN_EFFECTS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RevisionStore store;
    private final String replica;
    private final List<Followed> followed = new CopyOnWriteArrayList<>();

    /* Guards failure and failedAt; known and lastLook are written under it. */
    private final ReentrantLock looking = new ReentrantLock();
    private volatile long known = -1;
    private volatile long lastLook = System.nanoTime();
    private volatile int alive = 1;
    private @Nullable RuntimeException failure;
    private long failedAt;

    /* Of the one thread that polls. */
    private boolean interrupted;

    Revisions(RevisionStore store, Claims claims) {
        this.store = store;
        this.replica = claims.replica();
    }

    /** Has something read now, or with the first look, and whenever the revision has moved on. */
    public void follow(Followed more) {
        followed.add(more);
    }

    @Override
    public void afterSingletonsInstantiated() {
        look();
    }

    @Scheduled(initialDelay = MILLIS_BETWEEN, fixedDelay = MILLIS_BETWEEN)
    void poll() {
        try {
            look();
            if (interrupted) {
                log.info("Pauses and keys can be looked at again");
            }
            interrupted = false;
        } catch (DataAccessException | TransactionException e) {
            if (!interrupted) {
                log.warn("Pauses and keys cannot be looked at: {}", DatabaseFailure.describe(e));
            }
            interrupted = true;
        }
    }

    /** Brings what is known to what the database has, and says so there. */
    public void look() {
        looking.lock();
        try {
            long began = System.nanoTime();
            RevisionStore.Revision revision = store.revision(replica);
            if (revision.last() != known) {
                followed.forEach(Followed::load);
                known = revision.last();
            }
            lastLook = began;
            alive = Math.max(1, revision.alive());
            if (revision.seen() != null && revision.seen() != revision.last()) {
                store.see(replica, revision.last());
            }
        } catch (RuntimeException e) {
            // Another database may answer next, whose revisions mean something else.
            known = -1;
            failure = e;
            failedAt = System.nanoTime();
            throw e;
        } finally {
            looking.unlock();
        }
    }

    /**
     * Looks if nobody has for too long. To be called before what is followed is relied on; throws a {@link
     * DataAccessException} where the database cannot be asked.
     */
    public void refresh() {
        if (System.nanoTime() - lastLook > STALE_NANOS) {
            lookOnce();
        }
    }

    /* Where the database does not answer, those who wait for the same look fail with it. */
    private void lookOnce() {
        long asked = System.nanoTime();
        boolean locked = false;
        try {
            locked = looking.tryLock(LONGEST_LOOK_NANOS, TimeUnit.NANOSECONDS);
            if (!locked) {
                throw new DataAccessResourceFailureException("pauses and keys could not be looked at in time");
            }
            RuntimeException failed = failure;
            if (failed != null && failedAt - asked > 0) {
                throw failed;
            }
            if (System.nanoTime() - lastLook > STALE_NANOS) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("the service is stopping", e);
        } finally {
            if (locked) {
                looking.unlock();
            }
        }
    }

    /** Keeps others from changing what is followed until the transaction ends. */
    public void lock() {
        store.lock();
    }

    /** Counts a change in its transaction, as the last thing; returns its number. */
    public long raise() {
        return store.raise();
    }

    /** Returns how many replicas give signs of life, this one included, as of the last look. */
    public int alive() {
        return alive;
    }

    /** Returns how many of the living replicas know all that this one does. */
    public Effect effect() {
        return store.effect(known);
    }

    /** Waits until all living replicas have seen a change, at most as long as that; returns how many have. */
    public Effect await(long revision, Duration most) {
        long until = System.nanoTime() + most.toNanos();
        look();
        Effect effect = store.effect(revision);
        try {
            while (!effect.everywhere() && System.nanoTime() - until < 0) {
                TimeUnit.NANOSECONDS.sleep(NANOS_BETWEEN_EFFECTS);
                effect = store.effect(revision);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return effect;
    }
}
