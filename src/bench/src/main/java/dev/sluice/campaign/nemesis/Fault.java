package dev.sluice.campaign.nemesis;

import java.util.Random;

/** One kind of harm: done and undone when it returns. Faults of one group never overlap. */
public record Fault(String name, String group, Harm harm) {

    /** Does it, waits, and undoes it. */
    public interface Harm {
        void inflict(Random random) throws Exception;
    }
}
