package dev.sluice.commit;

import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.JointStore;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.SettledStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import org.springframework.stereotype.Component;

/** The rows that a partition has in the database. */
@Component
public record Stores(
        SnapshotStore snapshots, ReceiptStore receipts, JointStore joint, SettledStore settled, Claims claims) {

    /** Keeps in the last receipt what state goes with the position after it. */
    void keepState(PartitionKey key, Snapshot current) {
        String state = current.state();
        if (state != null) {
            receipts.keepState(key, current.nextOffset(), state);
        }
    }
}
