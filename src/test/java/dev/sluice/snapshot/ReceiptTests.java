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

    private static Receipt dense(long first, long end) {
        ReceiptWriter writer = new ReceiptWriter(first, 1, end - first);
        for (long offset = first; offset < end; offset++) {
            writer.add(offset, 10 * offset);
        }
        return only(writer, end);
    }

    @Test
    void joinsBatchesThatFollowEachOther() {
        Receipt joined = dense(5, 6).join(dense(6, 9)).join(dense(9, 10));
        assertThat(joined.first()).isEqualTo(5);
        assertThat(joined.end()).isEqualTo(10);
        assertThat(joined.count()).isEqualTo(5);
        assertThat(joined.hashAt(4)).isEqualTo(90);
        assertThat(bounds(joined)).containsExactly("5-6: 1", "6-9: 3", "9-10: 1");
    }

    @Test
    void joinsWhatWasJoined() {
        Receipt joined = dense(0, 1).join(dense(1, 2)).join(dense(2, 3).join(dense(3, 5)));
        assertThat(bounds(joined)).containsExactly("0-1: 1", "1-2: 1", "2-3: 1", "3-5: 2");
    }

    @Test
    void tellsTheBatchesThatACutHasLeft() {
        Receipt joined = dense(0, 2).join(dense(2, 4)).join(dense(4, 6));
        assertThat(bounds(joined.cutAt(5))).containsExactly("0-2: 2", "2-4: 2", "4-5: 1");
        assertThat(bounds(joined.cutAt(4))).containsExactly("0-2: 2", "2-4: 2");
        assertThat(bounds(joined.cutAt(1))).containsExactly("0-1: 1");
        assertThat(joined.cutAt(3).hashes()).hasSize(3 * Long.BYTES);
    }

    @Test
    void joinsNothingElse() {
        ReceiptWriter holes = new ReceiptWriter(2, 1, 1);
        holes.add(3, 30);
        Receipt withHoles = only(holes, 5);
        assertThat(dense(0, 2).joins(dense(2, 3))).isTrue();
        assertThat(dense(0, 2).joins(dense(3, 4))).as("a gap").isFalse();
        assertThat(dense(0, 2).joins(withHoles)).as("holes").isFalse();
        assertThat(withHoles.joins(dense(5, 6))).as("holes before").isFalse();
        ReceiptWriter other = new ReceiptWriter(2, 2, 1);
        other.add(2, 20);
        assertThat(dense(0, 2).joins(only(other, 3))).as("another token").isFalse();
        assertThat(dense(0, 999).joins(dense(999, 1000))).isTrue();
        assertThat(dense(0, 999).joins(dense(999, 1001))).as("too large").isFalse();
    }

    private static List<String> bounds(Receipt receipt) {
        return receipt.batches().stream()
                .map(batch -> batch.first() + "-" + batch.end() + ": " + batch.count())
                .toList();
    }
}
