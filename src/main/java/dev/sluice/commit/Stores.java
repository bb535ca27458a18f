package dev.sluice.commit;

import dev.sluice.deadletter.DeadLetterStore;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.RoundStore;
import dev.sluice.snapshot.SettledStore;
import dev.sluice.snapshot.SnapshotStore;
import org.springframework.stereotype.Component;

/** The rows that a partition has in the database. */
@Component
public record Stores(
        SnapshotStore snapshots,
        ReceiptStore receipts,
        RoundStore rounds,
        SettledStore settled,
        Claims claims,
        DeadLetterStore deadLetters) {}
