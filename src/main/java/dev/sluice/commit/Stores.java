package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.deadletter.DeadLetterStore;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.RoundStore;
import dev.sluice.snapshot.SettledStore;
import dev.sluice.snapshot.SnapshotStore;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The rows that a partition has in the database. */
@Component
public record Stores(
        SnapshotStore snapshots,
        ReceiptStore receipts,
        RoundStore rounds,
        SettledStore settled,
        Claims claims,
        DeadLetterStore deadLetters) {

    /** Returns the offsets of a batch that an operator wants settled if they are refused. */
    Set<Long> setAside(PartitionKey key, BatchEntry entry) {
        Batch batch = entry.request().batch();
        return deadLetters.setAside(key, batch.first(), batch.end());
    }
}
