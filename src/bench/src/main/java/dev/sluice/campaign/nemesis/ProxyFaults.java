package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What becomes of the connections between the services and their database. */
final class ProxyFaults {

    private static final List<Proxy.AtCommit> CUTS = List.of(
            Proxy.AtCommit.CUT_BEFORE,
            Proxy.AtCommit.CUT_AFTER,
            Proxy.AtCommit.HOLD_BEFORE,
            Proxy.AtCommit.HOLD_ANSWER);

    private final List<Proxy> proxies;
    private final Pauses pauses;

    ProxyFaults(List<Proxy> proxies, Pauses pauses) {
        this.proxies = proxies;
        this.pauses = pauses;
    }

    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < proxies.size(); i++) {
            Proxy proxy = proxies.get(i);
            String group = "proxy-" + i;
            for (Proxy.AtCommit what : CUTS) {
                String name = "commit-" + what.name().toLowerCase(Locale.ROOT).replace('_', '-');
                faults.add(new Fault(name, group, random -> {
                    proxy.atCommit(what, 0.02 + random.nextDouble() * 0.3, 200 + random.nextInt(3_000));
                    pauses.upTo(random, 6_000);
                    proxy.heal();
                }));
            }
            faults.add(new Fault("cut-connections", group, random -> proxy.cutAll()));
            faults.add(new Fault("black-hole", group, random -> {
                int millis = 500 + random.nextInt(12_000);
                proxy.blackHole(millis);
                pauses.upTo(random, millis);
                proxy.heal();
            }));
            faults.add(new Fault("latency", group, random -> {
                proxy.delay(1 + random.nextInt(40));
                pauses.upTo(random, 4_000);
                proxy.heal();
            }));
            faults.add(new Fault("trickle", group, random -> {
                proxy.trickle(100 + random.nextInt(2_000));
                pauses.upTo(random, 4_000);
                proxy.heal();
            }));
        }
        return faults;
    }
}
