package dev.sluice.body;

import dev.sluice.fuzz.Refusal;
import java.io.ByteArrayInputStream;
import java.util.Arrays;

/** Keyed records, as documents and as lines; the first byte says which. All that is taken is in some partition. */
public final class KeyedFuzz {

    private static final int PARTITIONS = 3;

    private KeyedFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int how = data[0] & 0xFF;
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        Refusal.orNull(() -> {
            try (KeyedBatch batch = Parsers.BATCHES.parseKeyed(
                    new ByteArrayInputStream(body),
                    how % 2 == 0 ? BodyFormat.JSON : BodyFormat.NDJSON,
                    WriteQuery.parse(how / 2 % 2 == 0 ? "" : "offset=5"),
                    PARTITIONS,
                    key -> Math.floorMod(key.hashCode(), PARTITIONS),
                    how / 4 % 2 == 0)) {
                long records = batch.partitions().stream()
                        .mapToLong(partition -> partition.count())
                        .sum();
                Refusal.require(records == batch.count(), records + " of " + batch.count() + " records are somewhere");
                Refusal.require(batch.end() - batch.first() == batch.count(), "the range has other than the records");
                return batch.count();
            }
        });
    }
}
