package dev.sluice.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetRangesTests {

    private static OffsetRange range(long first, long end) {
        return new OffsetRange(first, end);
    }

    @Test
    void joinsRangesThatOverlapOrTouch() {
        OffsetRanges set = OffsetRanges.of(List.of(range(5, 7), range(0, 2), range(2, 4), range(3, 5), range(9, 9)));
        assertThat(set.ranges()).containsExactly(range(0, 7));
        assertThat(set).hasToString("{[0,7)}");
        assertThat(new OffsetRanges()).hasToString("{}");
    }

    @Test
    void isCompleteUpToItsFirstHole() {
        assertThat(new OffsetRanges().completeUpTo()).isZero();
        assertThat(OffsetRanges.of(List.of(range(1, 5))).completeUpTo()).isZero();
        assertThat(OffsetRanges.of(List.of(range(0, 5), range(6, 9))).completeUpTo())
                .isEqualTo(5);
        assertThat(OffsetRanges.of(List.of(range(0, Long.MAX_VALUE))).completeUpTo())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void agreesWithASetOfBits() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            OffsetRanges set = new OffsetRanges();
            BitSet bits = new BitSet();
            for (int i = 0; i < 12; i++) {
                int first = random.nextInt(60);
                int end = first + random.nextInt(9);
                set.add(range(first, end));
                bits.set(first, end);
            }
            int from = random.nextInt(60);
            int to = from + random.nextInt(30);
            BitSet within = new BitSet();
            BitSet without = new BitSet();
            set.within(range(from, to)).forEach(part -> within.set((int) part.first(), (int) part.end()));
            set.without(range(from, to)).forEach(part -> without.set((int) part.first(), (int) part.end()));
            BitSet wanted = bits.get(0, 200);
            wanted.clear(0, from);
            wanted.clear(to, 200);
            BitSet missing = new BitSet();
            missing.set(from, to);
            missing.andNot(bits);
            assertThat(within).as("seed " + seed).isEqualTo(wanted);
            assertThat(without).as("seed " + seed).isEqualTo(missing);
            assertThat(set.completeUpTo()).as("seed " + seed).isEqualTo(bits.nextClearBit(0));
            assertThat(set.ranges().stream()
                            .mapToLong(part -> part.end() - part.first())
                            .sum())
                    .as("seed " + seed)
                    .isEqualTo(bits.cardinality());
        }
    }
}
