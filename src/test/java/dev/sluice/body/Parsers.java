package dev.sluice.body;

import dev.sluice.batch.StorageForTests;
import dev.sluice.snapshot.ReceiptProperties;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Parsers of bodies with bounds that a few kilobytes reach. */
final class Parsers {

    static final LimitProperties LIMITS = new LimitProperties(
            DataSize.ofKilobytes(512),
            DataSize.ofKilobytes(4),
            200,
            50,
            DataSize.ofKilobytes(2),
            100,
            400,
            50,
            Duration.ofMinutes(1),
            DataSize.ofKilobytes(64));

    static final BatchParser BATCHES = new BatchParser(
            StorageForTests.keeping(DataSize.ofKilobytes(1)), LIMITS, new ReceiptProperties(Duration.ofDays(1)));

    private Parsers() {}
}
