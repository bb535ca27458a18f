package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What becomes of the HTTP API that records are delivered to. */
final class TargetFaults {

    private static final String GROUP = "target";
    private static final int MOST = 6_000;

    private final Target target;
    private final Pauses pauses;

    TargetFaults(Target target, Pauses pauses) {
        this.target = target;
        this.pauses = pauses;
    }

    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        for (Target.Mood mood : Target.Mood.values()) {
            if (mood != Target.Mood.WELL) {
                String name = "target-" + mood.name().toLowerCase(Locale.ROOT).replace('_', '-');
                faults.add(new Fault(name, GROUP, random -> {
                    target.mood(mood);
                    pauses.upTo(random, MOST);
                    target.mood(Target.Mood.WELL);
                }));
            }
        }
        faults.add(new Fault("target-dead", GROUP, random -> {
            target.die();
            pauses.upTo(random, MOST);
            target.live();
        }));
        return faults;
    }
}
