package dev.sluice.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** The first of the generated records, for those who send them in another way. */
public final class SampleRecords {

    private static final int BYTES = 180;

    private SampleRecords() {}

    public static List<String> of(int count) {
        Records records = new Records(BYTES);
        return IntStream.range(0, count)
                .mapToObj(i -> new String(records.record(i), StandardCharsets.UTF_8))
                .toList();
    }
}
