package dev.sluice.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.SplittableRandom;
import java.util.UUID;

/** Makes flights as JSON objects: the same number always gives the same bytes. */
final class Records {

    private static final String[] AIRPORTS = {"ATL", "BOS", "DEN", "DFW", "JFK", "LAX", "MIA", "ORD", "SEA", "SFO"};
    private static final String[] CARRIERS = {"AA", "B6", "DL", "UA", "WN"};
    private static final String[] NOTES = {
        "on time",
        "late inbound aircraft",
        "the crew reported \\\"light chop\\\"",
        "diverted via Zürich",
        "catering delay, São Paulo",
        "de-icing",
        "gate change \\u2192 B7",
        "ground stop ✈"
    };
    private static final String FILLER = " and then it went on as planned, without any other remark";

    private final int bytes;

    Records(int bytes) {
        this.bytes = bytes;
    }

    byte[] record(long number) {
        SplittableRandom random = new SplittableRandom(number * 0x9E3779B97F4A7C15L + 42);
        String note = NOTES[random.nextInt(NOTES.length)];
        String fields =
                "{\"date\":\"%s\",\"delay\":%d,\"distance\":%d,\"origin\":\"%s\",\"destination\":\"%s\",\"carrier\":\"%s\",\"id\":\"%s\",\"note\":\"%s"
                        .formatted(
                                LocalDateTime.of(2001, 1, 1, 0, 0, 30).plusMinutes(random.nextInt(525_600)),
                                random.nextInt(-30, 300),
                                random.nextInt(80, 2_700),
                                AIRPORTS[random.nextInt(AIRPORTS.length)],
                                AIRPORTS[random.nextInt(AIRPORTS.length)],
                                CARRIERS[random.nextInt(CARRIERS.length)],
                                new UUID(random.nextLong(), random.nextLong()),
                                note);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + 64);
        out.writeBytes(fields.getBytes(StandardCharsets.UTF_8));
        int wanted = bytes - 2 + random.nextInt(-8, 9);
        for (int i = 0; out.size() < wanted; i++) {
            out.write(FILLER.charAt(i % FILLER.length()));
        }
        out.write('"');
        out.write('}');
        return out.toByteArray();
    }
}
