package dev.sluice.audit;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps who has done what. An act is added in the transaction that does it: both are committed, or neither is. Each is
 * logged as well, once it is committed, by the logger {@value #LOGGER}.
 */
@Repository
public class AuditTrail {

    /** Of the lines in the log. */
    static final String LOGGER = "sluice.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);

    private static final String DONE = "done";

    private static final String ADD = """
            insert into sluice.audit (actor, from_address, action, sink, partition_id, request, before, after, outcome,
                                      reason, trace_id)
            values (?, ?, ?, ?, ?, ?::json, ?::json, ?::json, ?, ?, ?)
            returning id""";

    private final JdbcClient jdbc;

    /* Escaped, for databases that are not in UTF-8. */
    private final JsonMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    AuditTrail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds an act of the request that this thread answers; returns its id.
     *
     * @throws IllegalStateException if there is no transaction
     */
    public long add(Act act) {
        return add(act, Caller.current());
    }

    /** Does the same for a request that another thread answers. */
    public long add(Act act, Caller caller) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("'" + act.action() + "' is to be added to the audit trail, but there is no"
                    + " transaction that it belongs to");
        }
        long id = jdbc.sql(ADD)
                .params(Arrays.asList(
                        caller.actor(),
                        caller.address(),
                        act.action(),
                        act.sink(),
                        act.partition(),
                        text(act.request()),
                        text(act.before()),
                        text(act.after()),
                        DONE,
                        act.reason(),
                        caller.traceId()))
                .query(Long.class)
                .single();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell(id, act, caller);
            }
        });
        return id;
    }

    private @Nullable String text(@Nullable Object value) {
        return value == null ? null : json.writeValueAsString(value);
    }

    private void tell(long id, Act act, Caller caller) {
        String what = act.sink() == null
                ? "the service"
                : act.sink() + (act.partition() == null ? "" : "/" + act.partition());
        log.atInfo()
                .addKeyValue("audit", id)
                .addKeyValue("action", act.action())
                .addKeyValue("actor", caller.actor())
                .addKeyValue("from", caller.address())
                .addKeyValue("sink", act.sink())
                .addKeyValue("partition", act.partition())
                .addKeyValue("request", text(act.request()))
                .addKeyValue("before", text(act.before()))
                .addKeyValue("after", text(act.after()))
                .addKeyValue("reason", act.reason())
                .log(
                        "{} of {} by {}{}, audit id {}: {}",
                        act.action(),
                        what,
                        Objects.requireNonNullElse(caller.actor(), "the service itself"),
                        caller.address() == null ? "" : " from " + caller.address(),
                        id,
                        Objects.requireNonNullElse(act.reason(), "no reason given"));
    }
}
