package dev.sluice.key;

import dev.sluice.access.Grant;
import dev.sluice.access.Quotas;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.control.Effect;
import dev.sluice.control.Revisions;
import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes, rotates and revokes keys, and waits a while until all replicas know of it. Thread-safe. */
@Component
public class KeyActs {

    private static final Logger log = LoggerFactory.getLogger(KeyActs.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    /**
     * A key as somebody wants it to be.
     *
     * @param note what it is for, in the words of whoever makes it
     * @param expiresAt null if it does not
     */
    public record NewKey(
            String note,
            List<Grant> grants,
            Quotas quotas,
            @Nullable Instant expiresAt) {}

    /**
     * What was done.
     *
     * @param text the key itself, which is told this once; null where none was made
     * @param effect where it holds, null where that cannot be seen
     */
    public record Done(
            ApiKey key, @Nullable String text, @Nullable Effect effect, long auditId) {}

    private record Committed(ApiKey key, long revision, long auditId) {}

    private final KeyStore store;
    private final Revisions revisions;
    private final AuditTrail trail;
    private final TransactionTemplate transactions;
    private final AdministratorKey administrator;

    KeyActs(
            KeyStore store,
            Revisions revisions,
            AuditTrail trail,
            TransactionTemplate transactions,
            AdministratorKey administrator) {
        this.store = store;
        this.revisions = revisions;
        this.trail = trail;
        this.transactions = transactions;
        this.administrator = administrator;
    }

    /** Whether this is the key of the configuration, which is in a file and nowhere else. */
    public boolean isConfigured(String id) {
        StoredKey configured = administrator.key();
        return configured != null && configured.key().id().equals(id);
    }

    /** Returns keys that are not revoked, those behind {@code after} in the order of their ids. */
    public List<ApiKey> list(String after, int limit) {
        return store.list(after, limit);
    }

    /** Returns a key that is not revoked. */
    public Optional<ApiKey> find(String id) {
        return store.find(id);
    }

    /** Makes a key. */
    public Done create(NewKey wanted) {
        KeyText text = KeyText.random();
        Caller caller = Caller.current();
        Committed committed = commit(() -> {
            store.add(text, wanted, Objects.requireNonNullElse(caller.actor(), "service"));
            ApiKey key = store.find(text.id()).orElseThrow();
            return new Committed(key, 0, add("key-create", null, shown(key), wanted.note(), caller));
        });
        return done(committed, text.text());
    }

    /**
     * Has a key be as somebody wants it, its text excepted; empty if there is no such key.
     *
     * @param ifVersion change it only at this version, null at any
     */
    public Optional<Done> change(String id, NewKey wanted, @Nullable Long ifVersion, String reason) {
        Caller caller = Caller.current();
        Committed committed = commit(() -> {
            Optional<ApiKey> before = store.find(id);
            if (before.isEmpty()) {
                return null;
            }
            requireVersion(before.get(), ifVersion);
            store.change(id, wanted);
            ApiKey after = store.find(id).orElseThrow();
            return new Committed(after, 0, add("key-change", shown(before.get()), shown(after), reason, caller));
        });
        return Optional.ofNullable(committed).map(done -> done(done, null));
    }

    private static void requireVersion(ApiKey key, @Nullable Long expected) {
        if (expected != null && expected != key.version()) {
            throw Problem.of(
                            ProblemType.VERSION_CONFLICT,
                            "the key " + key.id() + " has version " + key.version() + ", not " + expected
                                    + ": somebody has changed it since you looked; nothing was changed. Look at it"
                                    + " again, then decide")
                    .with("version", key.version())
                    .exception();
        }
    }

    /**
     * Gives a key another text; empty if there is no such key.
     *
     * @param overlap for how long its former text is taken as well
     */
    public Optional<Done> rotate(String id, Duration overlap, String reason) {
        if (store.find(id).isEmpty()) {
            return Optional.empty();
        }
        KeyText text = KeyText.random(id);
        Caller caller = Caller.current();
        Committed committed = commit(() -> {
            if (!store.rotate(text, !overlap.isZero(), Instant.now().plus(overlap))) {
                return null;
            }
            Map<String, Object> after = Map.of("id", id, "overlap", overlap.toString());
            return new Committed(store.find(id).orElseThrow(), 0, add("key-rotate", null, after, reason, caller));
        });
        return Optional.ofNullable(committed).map(done -> done(done, text.text()));
    }

    /** Revokes a key; empty if there is no such key. */
    public Optional<Done> revoke(String id, @Nullable String reason) {
        Caller caller = Caller.current();
        Committed committed = commit(() -> {
            Optional<ApiKey> key = store.find(id);
            if (key.isEmpty() || !store.revoke(id)) {
                return null;
            }
            return new Committed(key.get(), 0, add("key-revoke", shown(key.get()), null, reason, caller));
        });
        return Optional.ofNullable(committed).map(done -> done(done, null));
    }

    private interface Change {
        @Nullable
        Committed run();
    }

    private @Nullable Committed commit(Change change) {
        AtomicReference<@Nullable Committed> done = new AtomicReference<>();
        transactions.executeWithoutResult(status -> {
            revisions.lock();
            Committed committed = change.run();
            if (committed != null) {
                done.set(new Committed(committed.key(), revisions.raise(), committed.auditId()));
            }
        });
        return done.get();
    }

    private long add(
            String action, @Nullable Object before, @Nullable Object after, @Nullable String reason, Caller caller) {
        return trail.add(new Act(action, null, null, null, before, after, reason), caller);
    }

    private Done done(@Nullable Committed committed, @Nullable String text) {
        Committed change = Objects.requireNonNull(committed);
        return new Done(change.key(), text, effect(change.revision()), change.auditId());
    }

    /* What is done is done, and the text is told only now. */
    private @Nullable Effect effect(long revision) {
        try {
            return revisions.await(revision, LONGEST_WAIT);
        } catch (DataAccessException | TransactionException e) {
            log.warn("Which replicas know of a changed key cannot be seen: {}", DatabaseFailure.describe(e));
            return null;
        }
    }

    private static Map<String, Object> shown(ApiKey key) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", key.id());
        shown.put("note", key.note());
        shown.put("grants", Grants.shown(key.grants()));
        shown.put("quotas", QuotaTexts.shown(key.quotas()));
        shown.put("expiresAt", String.valueOf(key.expiresAt()));
        return shown;
    }
}
