package dev.sluice.resolution;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.resolution.Replays.By;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import org.springframework.stereotype.Component;

/** Keeps in the audit trail what has become of dead letters, in the transaction that settles them. */
@Component
class LetterTrail {

    /** Where the partition stood. */
    private record At(long nextOffset, long version) {}

    /** Which records were settled. */
    private record Settled(int records, long first, long last) {}

    private final AuditTrail audit;

    LetterTrail(AuditTrail audit) {
        this.audit = audit;
    }

    /** Adds what was done with dead letters of a partition, whose offsets come in order; returns the act's id. */
    long tell(String action, PartitionKey key, List<Long> offsets, Snapshot row, By by) {
        return audit.add(
                new Act(
                        action,
                        key.sink(),
                        key.partition(),
                        null,
                        new At(row.nextOffset(), row.version()),
                        new Settled(offsets.size(), offsets.get(0), offsets.get(offsets.size() - 1)),
                        by.reason()),
                by.caller());
    }
}
