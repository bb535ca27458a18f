package dev.sluice.audit;

import dev.sluice.outcome.DatabaseFailure;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Removes acts that are older than the retention, a few at a time. */
@Component
@EnableConfigurationProperties(AuditProperties.class)
class AuditPruner {

    private static final Logger log = LoggerFactory.getLogger(AuditPruner.class);
    private static final int AT_A_TIME = 1_000;

    /* The trigger lets rows go for that only. */
    private static final String ALLOW = "select set_config('sluice.pruning', 'audit', true)";

    private static final String PRUNE = """
            delete from sluice.audit
             where id in (select id from sluice.audit where at < now() - ?::interval order by at limit ?)""";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final AuditProperties properties;

    AuditPruner(JdbcClient jdbc, TransactionTemplate transactions, AuditProperties properties) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.properties = properties;
    }

    @Scheduled(fixedDelay = 60, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void prune() {
        try {
            int removed = AT_A_TIME;
            while (removed == AT_A_TIME) {
                removed = pruneSome();
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Old acts could not be pruned, trying again in an hour: {}", DatabaseFailure.describe(e));
        }
    }

    private int pruneSome() {
        Integer removed = transactions.execute(status -> {
            jdbc.sql(ALLOW).query(String.class).single();
            return jdbc.sql(PRUNE)
                    .params(properties.retention().toString(), AT_A_TIME)
                    .update();
        });
        return removed == null ? 0 : removed;
    }
}
