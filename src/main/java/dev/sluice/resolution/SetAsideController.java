package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.operator.Audited;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.resolution.Replays.By;
import dev.sluice.resolution.SetAsideStore.SetAside;
import dev.sluice.security.Access;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets a partition go on behind one record that its target refuses, whatever the definition says: when the record comes
 * next, it is settled as a dead letter. Said to a sink made of others, it holds for the targets behind it.
 */
@RestController
@RequestMapping("/sinks/{sink}")
class SetAsideController {

    private static final String OFFSET = "offset";
    /* In place of the id of an act. */
    private static final long SETTLED = -1;
    private static final long NOTHING = -2;
    private static final String EXAMPLE = "{\"offset\": 13, \"reason\": \"known bad record\"}";

    /**
     * What was set aside.
     *
     * @param targets the sinks that settle it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SetAsideAnswer(
            String sink,
            String partition,
            long offset,
            List<String> targets,
            @Nullable Boolean dryRun) {}

    record SetAsidesAnswer(String sink, List<SetAside> setAside) {}

    private final Access access;
    private final LetterAddress address;
    private final SetAsideStore store;
    private final Stores stores;
    private final Transactions transactions;
    private final AuditTrail audit;
    private final ActBody body;

    SetAsideController(
            Access access,
            LetterAddress address,
            SetAsideStore store,
            Stores stores,
            Transactions transactions,
            AuditTrail audit,
            ActBody body) {
        this.access = access;
        this.address = address;
        this.store = store;
        this.stores = stores;
        this.transactions = transactions;
        this.audit = audit;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/partitions/{partition}/set-aside")
    ResponseEntity<SetAsideAnswer> setAside(
            @PathVariable("sink") String id, @PathVariable("partition") String partition, HttpServletRequest request)
            throws IOException {
        ActMembers members = body.read(request, Set.of(Bodies.REASON, OFFSET), EXAMPLE);
        By by = new By(Caller.current(), members.reason());
        long offset = members.required(OFFSET, "it names the record that the target refuses");
        boolean dryRun = ActBody.dryRun(request);
        List<String> targets = new ArrayList<>();
        Long auditId = null;
        List<SinkDefinition> leaves = address.leaves(id, partition);
        leaves.forEach(leaf -> access.require(leaf.id(), Verb.OPERATE));
        for (SinkDefinition leaf : leaves) {
            long act = setAside(leaf, new PartitionKey(leaf.id(), partition), offset, by, dryRun);
            if (act >= 0) {
                targets.add(leaf.id());
                auditId = dryRun ? null : Long.valueOf(act);
            }
        }
        if (targets.isEmpty()) {
            throw settled(id, partition, offset, " of every target; nothing was changed");
        }
        return Audited.with(ResponseEntity.ok(), auditId)
                .contentType(MediaType.APPLICATION_JSON)
                .body(new SetAsideAnswer(id, partition, offset, targets, dryRun ? true : null));
    }

    /* The audit id; negative if the record is settled already. */
    private long setAside(SinkDefinition sink, PartitionKey key, long offset, By by, boolean dryRun) {
        try {
            return transactions.run(dryRun, connection -> {
                if (isSettled(sink, key, offset)) {
                    return SETTLED;
                }
                store.add(key, offset, by);
                return audit.add(
                        new Act(
                                "set-aside",
                                key.sink(),
                                key.partition(),
                                Map.of(OFFSET, offset),
                                null,
                                null,
                                by.reason()),
                        by.caller());
            });
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
    }

    /* Under the lock of the partition's row, so that it stays true until the transaction ends. */
    private boolean isSettled(SinkDefinition sink, PartitionKey key, long offset) {
        long nextOffset = stores.snapshots().lock(key).nextOffset();
        return nextOffset > offset
                || (sink.anyOrder()
                        && stores.settled()
                                .read(key)
                                .without(new OffsetRange(offset, offset + 1))
                                .isEmpty());
    }

    private static RuntimeException settled(String sink, String partition, long offset, String where) {
        return Problem.of(
                        ProblemType.DEAD_LETTER_CHANGED,
                        "the record at offset " + offset + " is settled already in partition " + partition + where)
                .with("sink", sink)
                .with("partition", partition)
                .with("offset", offset)
                .exception();
    }

    @Needs({Verb.READ, Verb.OPERATE})
    @GetMapping("/set-aside")
    ResponseEntity<SetAsidesAnswer> list(@PathVariable("sink") String id) {
        address.sink(id);
        return json(new SetAsidesAnswer(id, store.list(id)));
    }

    @Needs(Verb.OPERATE)
    @DeleteMapping("/partitions/{partition}/set-aside/{offset}")
    ResponseEntity<Void> takeBack(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            @PathVariable("offset") String text) {
        SinkDefinition sink = address.sinkWith(id, partition);
        long offset = Query.number(OFFSET, text, ProblemType.MALFORMED_REQUEST);
        Caller caller = Caller.current();
        PartitionKey key = new PartitionKey(id, partition);
        Act act = new Act("set-aside-taken-back", id, partition, Map.of(OFFSET, offset), null, null, null);
        long auditId;
        try {
            auditId = transactions.run(false, connection -> {
                if (isSettled(sink, key, offset)) {
                    return SETTLED;
                }
                return store.remove(key, offset) ? audit.add(act, caller) : NOTHING;
            });
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
        if (auditId == SETTLED) {
            throw settled(id, partition, offset, "; GET …/dead-letters/" + offset + " tells whether as a dead letter");
        }
        if (auditId == NOTHING) {
            throw Problem.of(
                            ProblemType.UNKNOWN_DEAD_LETTER,
                            "offset " + offset + " of " + key + " is not set aside (any more)")
                    .with("sink", id)
                    .exception();
        }
        return ResponseEntity.noContent()
                .header(Audited.HEADER, Long.toString(auditId))
                .build();
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
