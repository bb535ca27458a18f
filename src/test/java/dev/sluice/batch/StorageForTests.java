package dev.sluice.batch;

import org.springframework.util.unit.DataSize;

/** Room for batches, most of it in memory. */
public final class StorageForTests {

    private StorageForTests() {}

    /** Returns a storage that keeps so much of each batch in memory, and the rest in the system's temporary directory. */
    public static SpoolStorage keeping(DataSize memoryPerBatch) {
        return new SpoolStorage(new SpoolProperties(
                DataSize.ofMegabytes(64),
                memoryPerBatch,
                DataSize.ofMegabytes(64),
                System.getProperty("java.io.tmpdir")));
    }
}
