package dev.sluice.key;

import dev.sluice.control.Followed;
import dev.sluice.control.Revisions;
import dev.sluice.outcome.DatabaseFailure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The keys that are taken, as this process knows them: all in memory, since each request asks. Notes when each was used,
 * to the minute. Thread-safe.
 */
@Component
class Keys implements Followed {

    private static final Logger log = LoggerFactory.getLogger(Keys.class);

    private final KeyStore store;
    private final Revisions revisions;
    private final AdministratorKey administrator;
    private final Map<String, Long> usedInMinute = new ConcurrentHashMap<>();
    private volatile Map<String, StoredKey> known = Map.of();

    Keys(KeyStore store, Revisions revisions, AdministratorKey administrator) {
        this.store = store;
        this.revisions = revisions;
        this.administrator = administrator;
        revisions.follow(this);
    }

    @Override
    public void load() {
        known = store.load().stream()
                .collect(Collectors.toUnmodifiableMap(stored -> stored.key().id(), Function.identity()));
    }

    /**
     * Returns the key with an id, if it is not revoked. Throws a {@link DataAccessException} where what is known is too
     * old and the database cannot be asked.
     */
    Optional<StoredKey> find(String id) {
        @Nullable StoredKey configured = administrator.key();
        if (configured != null && configured.key().id().equals(id)) {
            return Optional.of(configured);
        }
        revisions.refresh();
        return Optional.ofNullable(known.get(id));
    }

    /** Whether there may be a key with that id, as far as is known; asks nobody. */
    boolean mayKnow(String id) {
        StoredKey configured = administrator.key();
        return known.containsKey(id)
                || (configured != null && configured.key().id().equals(id));
    }

    /** Notes that a key is used. */
    void uses(StoredKey stored) {
        String id = stored.key().id();
        long minute = System.currentTimeMillis() / TimeUnit.MINUTES.toMillis(1);
        Long before = usedInMinute.get(id);
        if (before == null || before != minute) {
            usedInMinute.put(id, minute);
        }
    }

    @Scheduled(fixedDelay = 30, initialDelay = 30, timeUnit = TimeUnit.SECONDS)
    void storeUses() {
        try {
            usedInMinute.forEach((id, minute) -> {
                if (known.containsKey(id)) {
                    store.used(id, Instant.EPOCH.plus(minute, ChronoUnit.MINUTES));
                }
                usedInMinute.remove(id, minute);
            });
        } catch (DataAccessException | TransactionException e) {
            log.debug("When keys were used cannot be stored: {}", DatabaseFailure.describe(e));
        }
    }
}
