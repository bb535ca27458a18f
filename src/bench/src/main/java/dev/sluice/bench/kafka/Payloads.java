package dev.sluice.bench.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the rows say, made before the time is taken: neither the peer nor Sluice is to be measured by making it up. */
final class Payloads {

    /** Enough that no cache holds them all, few enough for a small heap. */
    private static final int DIFFERENT = 50_000;

    private final byte[][] payloads;

    private Payloads(List<byte[]> payloads) {
        this.payloads = payloads.toArray(byte[][]::new);
    }

    static Payloads of(Options options) throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        if (options.file() == null) {
            Random random = new Random(1);
            for (int i = 0; i < Math.min(DIFFERENT, options.rows()); i++) {
                payloads.add(options.encoding().payload(madeUp(i, options.recordBytes(), random)));
            }
        } else {
            try (Stream<String> lines = Files.lines(options.file())) {
                lines.filter(line -> !line.isBlank())
                        .limit(options.rows())
                        .forEach(line -> payloads.add(options.encoding().payload(line)));
            }
            if (payloads.isEmpty()) {
                throw new IOException(options.file() + " has no rows");
            }
            if (options.replacing()) {
                return new Payloads(inTurn(payloads, options));
            }
        }
        return new Payloads(payloads);
    }

    byte[] get(int row) {
        return payloads[row % payloads.length];
    }

    /** How many keys so many rows have, if they are flights. */
    int keys(int rows) {
        return (int) Arrays.stream(payloads, 0, rows)
                .map(FlightConverter::id)
                .distinct()
                .count();
    }

    /** The ids of the last flights of so many. */
    String[] lastIds(int rows, int count) {
        return Arrays.stream(payloads, rows - count, rows)
                .map(FlightConverter::id)
                .toArray(String[]::new);
    }

    /** Each partition has its share of the file, one after the other; they are sent in turn. */
    private static List<byte[]> inTurn(List<byte[]> lines, Options options) throws IOException {
        if (lines.size() != options.rows()) {
            throw new IOException(options.file() + " has " + lines.size() + " rows, not " + options.rows());
        }
        int share = lines.size() / options.partitions();
        return IntStream.range(0, lines.size())
                .mapToObj(row -> lines.get(row % options.partitions() * share + row / options.partitions()))
                .toList();
    }

    /** A JSON object of so many bytes, unless that is too few for its names. */
    private static String madeUp(int row, int bytes, Random random) {
        StringBuilder text = new StringBuilder(bytes)
                .append("{\"id\":")
                .append(row)
                .append(",\"amount\":")
                .append(random.nextInt(100_000) / 100.0)
                .append(",\"active\":")
                .append(random.nextBoolean())
                .append(",\"note\":\"");
        while (text.length() < bytes - 2) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.append("\"}").toString();
    }
}
