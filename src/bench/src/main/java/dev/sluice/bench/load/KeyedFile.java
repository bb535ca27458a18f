package dev.sluice.bench.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Writes generated records as NDJSON, with ids that come again and again while everything else changes. Each partition
 * has an equal share of the file, one share after the other. No id is in two of them, as if a hash of the id decided on
 * the partition. The last record of a share has an id of its own: whoever sees it has seen all of the share.
 */
public final class KeyedFile {

    private static final String ID = "\"id\":\"";
    private static final int ID_LENGTH = 36;
    private static final int RECORD_BYTES = 180;

    private KeyedFile() {}

    /** Writes so many rows, each with one of so many ids at random; not all ids have to be met. */
    public static void write(Path out, int partitions, int rows, int ids) throws IOException {
        Records records = new Records(RECORD_BYTES);
        SplittableRandom random = new SplittableRandom(7);
        int share = rows / partitions;
        int idsOfShare = ids / partitions;
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(out), 1 << 20)) {
            for (int p = 0; p < partitions; p++) {
                for (int i = 0; i < share; i++) {
                    int id = i == share - 1 ? idsOfShare : random.nextInt(idsOfShare);
                    long number = (long) p * share + i;
                    stream.write(withId(records.record(number), id(p, id)));
                    stream.write('\n');
                }
            }
        }
    }

    private static byte[] withId(byte[] record, UUID id) {
        String json = new String(record, StandardCharsets.UTF_8);
        int at = json.indexOf(ID) + ID.length();
        return (json.substring(0, at) + id + json.substring(at + ID_LENGTH)).getBytes(StandardCharsets.UTF_8);
    }

    /** The same for the same numbers, and in no order: as random ids are. */
    private static UUID id(int partition, int number) {
        SplittableRandom random = new SplittableRandom(((long) partition << 32 | number) * 0xD1342543DE82EF95L);
        return new UUID(random.nextLong(), random.nextLong());
    }
}
