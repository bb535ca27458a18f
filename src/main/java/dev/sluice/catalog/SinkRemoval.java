package dev.sluice.catalog;

import dev.sluice.catalog.ChangeRefusedException.Reason;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.SettledStore;
import dev.sluice.snapshot.SnapshotStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Removes what is kept for a sink, in the transaction that deletes it. */
@Component
class SinkRemoval {

    private final SnapshotStore snapshots;
    private final ReceiptStore receipts;
    private final SettledStore settled;
    private final Claims claims;
    private final ObjectProvider<SinkData> others;

    SinkRemoval(
            SnapshotStore snapshots,
            ReceiptStore receipts,
            SettledStore settled,
            Claims claims,
            ObjectProvider<SinkData> others) {
        this.snapshots = snapshots;
        this.receipts = receipts;
        this.settled = settled;
        this.claims = claims;
        this.others = others;
    }

    /** Removes it; returns how many acknowledged records are lost with it. */
    long remove(String sink, boolean force) {
        snapshots.lockAll(sink);
        if (!force) {
            others.forEach(data -> data.reasonToKeep(sink).ifPresent(why -> {
                throw new ChangeRefusedException(
                        Reason.IN_USE,
                        "sink '" + sink + "': " + why
                                + "; wait until that is done, or delete it with ?force=true, which"
                                + " throws them away");
            }));
        }
        snapshots.forget(sink);
        receipts.forget(sink);
        settled.forget(sink);
        claims.forget(sink);
        return others.stream().mapToLong(data -> data.forget(sink)).sum();
    }
}
