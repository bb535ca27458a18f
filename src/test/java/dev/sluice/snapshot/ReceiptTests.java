package dev.sluice.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptTests {

    private static Receipt only(ReceiptWriter writer, long end) {
        List<Receipt> receipts = writer.finish(end);
        assertThat(receipts).hasSize(1);
        return receipts.get(0);
    }

    @Test
    void keepsNoOffsetsWhereTheyFollowEachOther() {
        ReceiptWriter writer = new ReceiptWriter(10, 1, 2);
        writer.add(10, 100);
        writer.add(11, 110);
        Receipt receipt = only(writer, 12);
        assertThat(receipt.offsets()).isNull();
        assertThat(receipt.offsetAt(1)).isEqualTo(11);
        assertThat(receipt.hashAt(1)).isEqualTo(110);
        assertThat(receipt.indexOf(11)).isEqualTo(1);
        assertThat(receipt.indexOf(12)).isEqualTo(2);
        assertThat(receipt.indexOf(0)).isZero();
    }

    @Test
    void keepsOffsetsWhereThereAreHoles() {
        ReceiptWriter writer = new ReceiptWriter(10, 1, 2);
        writer.add(12, 120);
        writer.add(15, 150);
        Receipt receipt = only(writer, 20);
        assertThat(receipt.offsetAt(0)).isEqualTo(12);
        assertThat(receipt.offsetAt(1)).isEqualTo(15);
        assertThat(receipt.indexOf(13)).isEqualTo(1);
        assertThat(receipt.cutAt(13).count()).isEqualTo(1);
        assertThat(receipt.cutAt(13).end()).isEqualTo(13);
        assertThat(receipt.cutAt(13).offsetAt(0)).isEqualTo(12);
        assertThat(receipt.cutAt(11).count()).isZero();
    }

    @Test
    void cutsALargeBatchIntoReceiptsWithoutAGap() {
        ReceiptWriter writer = new ReceiptWriter(0, 1, 25_000);
        for (int i = 0; i < 25_000; i++) {
            writer.add(2L * i, i);
        }
        List<Receipt> receipts = writer.finish(60_000);
        assertThat(receipts).extracting(Receipt::first).containsExactly(0L, 20_000L, 40_000L);
        assertThat(receipts).extracting(Receipt::end).containsExactly(20_000L, 40_000L, 60_000L);
        assertThat(receipts).extracting(Receipt::count).containsExactly(10_000, 10_000, 5_000);
    }

    @Test
    void writesAReceiptWithoutRecordsForAnAdvanceAndNoneForNothing() {
        Receipt receipt = only(new ReceiptWriter(5, 1, 0), 9);
        assertThat(receipt.count()).isZero();
        assertThat(new ReceiptWriter(5, 1, 0).finish(5)).isEmpty();
    }
}
