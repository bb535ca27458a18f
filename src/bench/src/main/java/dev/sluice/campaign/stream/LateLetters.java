package dev.sluice.campaign.stream;

import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** An operator who sees to it, once all is well, that nothing stays on its way to a target outside the database. */
public final class LateLetters {

    private static final String JSON = "Content-Type: application/json\r\n";
    private static final byte[] REASON = "{\"reason\":\"campaign\"}".getBytes();

    private final Services services;
    private final History history;
    private final Random random = new Random();

    public LateLetters(Services services, History history) {
        this.services = services;
        this.history = history;
    }

    /** Sends them again until it is known what has become of each; false if time runs out. */
    public boolean settle(String sink, String partition, long seconds) {
        long deadline = System.nanoTime() + seconds * 1_000_000_000;
        try (Http http = new Http(20_000, services.key())) {
            while (System.nanoTime() < deadline) {
                Answer page = http.get(
                        port(), "/sinks/" + sink + "/dead-letters?state=sending&limit=1000&partition=" + partition);
                List<Long> sending = page.numbers("offset");
                if (page.status() == 200 && sending.isEmpty()) {
                    return true;
                }
                for (long offset : sending) {
                    String letter = "/sinks/" + sink + "/partitions/" + partition + "/dead-letters/" + offset;
                    Answer answer = http.post(port(), letter + "/replay", JSON, REASON);
                    history.add("LATE " + letter + ": " + answer.brief());
                }
                LockSupport.parkNanos(200_000_000);
            }
        }
        return false;
    }

    private int port() {
        return services.port(random);
    }
}
