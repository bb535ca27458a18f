package dev.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class BatchBuilderTests {

    @TempDir
    private Path directory;

    private SpoolStorage storage(long memory, long perBatch, long disk) {
        return new SpoolStorage(new SpoolProperties(
                DataSize.ofBytes(memory), DataSize.ofBytes(perBatch), DataSize.ofBytes(disk), directory.toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> read(Batch batch) {
        List<String> found = new ArrayList<>();
        BatchReader reader = batch.reader();
        while (reader.next()) {
            // Every third value is passed over, as a replay does.
            found.add(reader.offset() + "="
                    + (reader.offset() % 3 == 0
                            ? reader.length()
                            : reader.record().json()));
        }
        return found;
    }

    @Test
    void numbersDenseRecordsFromTheFirst() {
        BatchBuilder builder = storage(1 << 20, 1 << 20, 1 << 20).newBatch(false);
        byte[] buffer = bytes("..1,22..");
        builder.add(buffer, 2, 1);
        builder.add(buffer, 4, 2);
        try (Batch batch = builder.dense(7)) {
            assertThat(read(batch)).containsExactly("7=1", "8=22");
            assertThat(batch.end()).isEqualTo(9);
            assertThat(batch.bytes()).isEqualTo(3);
        }
    }

    @Test
    void pairsRecordsWithOffsetsListedBeforeOrAfterThem() {
        BatchBuilder builder = storage(1 << 20, 1 << 20, 1 << 20).newBatch(false);
        builder.addOffset(4);
        builder.add(bytes("1"), 0, 1);
        builder.add(bytes("2"), 0, 1);
        builder.addOffset(8);
        try (Batch batch = builder.sparse(3, 20)) {
            assertThat(read(batch)).containsExactly("4=1", "8=2");
            assertThat(batch.first()).isEqualTo(3);
            assertThat(batch.end()).isEqualTo(20);
        }
    }

    @Test
    void readsBackWhatWasSpooledAsOftenAsOneLikes() {
        Random random = new Random(42);
        for (long memory : new long[] {0, 1_000, 5_000, 100_000, 10_000_000}) {
            SpoolStorage storage = storage(Math.max(memory, 1), Math.max(memory, 1), 1L << 30);
            BatchBuilder builder = storage.newBatch(false);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String value = "\"" + "v".repeat(random.nextInt(i % 100 == 0 ? 100_000 : 200)) + i + "\"";
                builder.add(bytes(value), 0, value.length());
                expected.add(i + "=" + (i % 3 == 0 ? value.length() : value));
            }
            try (Batch batch = builder.dense(0)) {
                assertThat(read(batch)).isEqualTo(expected);
                assertThat(read(batch)).isEqualTo(expected);
                assertThat(storage.memoryUsed()).isLessThanOrEqualTo(Math.max(memory, 1));
            }
            assertThat(storage.memoryUsed()).isZero();
            assertThat(storage.diskUsed()).isZero();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void hashesTheRawBytesWithXxh64() {
        // Published test vectors of XXH64 with seed 0.
        assertThat(BatchBuilder.hash(new byte[0], 0, 0)).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(BatchBuilder.hash(bytes("a"), 0, 1)).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(BatchBuilder.hash(bytes("xabcx"), 1, 3)).isEqualTo(0x44BC2CF5AD770999L);
    }

    @Test
    void refusesMoreThanTheDiskMayHold() {
        SpoolStorage storage = storage(1, 1, 1_000);
        try (BatchBuilder builder = storage.newBatch(false)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            builder.add(bytes("0123456789"), 0, 10);
                        }
                    })
                    .isInstanceOf(SpoolFullException.class)
                    .hasMessageContaining("sluice.spool.disk");
        }
        assertThat(storage.diskUsed()).isZero();
    }

    @Test
    void refusesOffsetsThatContradictTheRange() {
        SpoolStorage storage = storage(1 << 20, 1 << 20, 1 << 20);
        try (BatchBuilder builder = storage.newBatch(false)) {
            builder.addOffset(1);
            assertThatThrownBy(() -> builder.addOffset(1)).isInstanceOf(InvalidBatchException.class);
            assertThatThrownBy(() -> builder.addOffset(Long.MAX_VALUE)).isInstanceOf(InvalidBatchException.class);
            assertThatThrownBy(() -> builder.sparse(0, 5)).hasMessageContaining("1 offsets for 0 records");
            builder.add(bytes("1"), 0, 1);
            assertThatThrownBy(() -> builder.sparse(2, 5)).hasMessageContaining("below the range");
            assertThatThrownBy(() -> builder.sparse(0, 1)).hasMessageContaining("not below the end");
            assertThatThrownBy(() -> builder.sparse(3, 1)).hasMessageContaining("is not one");
        }
        assertThat(storage.memoryUsed()).isZero();
    }
}
