package dev.sluice.campaign.stream;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Where the services listen, and by which key they know who sends.
 *
 * @param ports of all of them
 */
public record Services(Supplier<List<Integer>> ports, String key) {

    /** Returns the port of any of them. */
    public int port(Random random) {
        List<Integer> all = ports.get();
        return all.get(random.nextInt(all.size()));
    }

    /** Returns the value of the header that names the key. */
    public String authorization() {
        return "Bearer " + key;
    }

    /** Returns the same services for somebody with another key. */
    Services as(String otherKey) {
        return new Services(ports, otherKey);
    }
}
