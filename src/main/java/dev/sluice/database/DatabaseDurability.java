package dev.sluice.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Tells in {@code /actuator/info} what an acknowledged record survives, and what the check of the database says now. */
final class DatabaseDurability implements InfoContributor {

    private static final Logger log = LoggerFactory.getLogger(DatabaseDurability.class);
    private static final Duration KEPT = Duration.ofSeconds(30);

    private final DataSource pool;
    private final Sessions sessions;
    private final Incarnations incarnations;
    private final DatabaseCheck check;
    private final Clock clock;

    // Guarded by this.
    private @Nullable Answer answer;

    DatabaseDurability(
            DataSource pool, Sessions sessions, Incarnations incarnations, DatabaseCheck check, Clock clock) {
        this.pool = pool;
        this.sessions = sessions;
        this.incarnations = incarnations;
        this.check = check;
        this.clock = clock;
    }

    @Override
    public void contribute(Info.Builder builder) {
        builder.withDetail("durability", details());
    }

    private synchronized Map<String, Object> details() {
        Instant now = clock.instant();
        Answer last = answer;
        // An unreachable database is remembered as well, or each question would wait for its connection.
        if (last == null || Duration.between(last.at(), now).compareTo(KEPT) > 0) {
            last = new Answer(now, ask());
            answer = last;
        }
        return last.details();
    }

    private Map<String, Object> ask() {
        try {
            return describe(DatabaseSettings.read(pool, sessions));
        } catch (DataAccessException | TransactionException e) {
            log.debug("The database's durability settings cannot be read", e);
            return Map.of("acknowledgementSurvives", "unknown: the database does not answer");
        }
    }

    private Map<String, Object> describe(DatabaseSettings settings) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("acknowledgementSurvives", settings.survives());
        details.put("fsync", settings.fsync());
        details.put("synchronousCommit", settings.synchronousCommit());
        details.put("fullPageWrites", settings.fullPageWrites());
        details.put("server", settings.server());
        details.put("pooler", sessions.shared());
        incarnations.current().ifPresent(incarnation -> details.put("incarnation", incarnation));
        List<Map<String, Object>> findings =
                check.findings(settings).stream().map(this::describe).toList();
        if (!findings.isEmpty()) {
            details.put("findings", findings);
        }
        return details;
    }

    private Map<String, Object> describe(Finding finding) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", finding.flaw().label());
        details.put("accepted", check.accepted(finding));
        details.put("detail", finding.sentence());
        return details;
    }

    private record Answer(Instant at, Map<String, Object> details) {}
}
