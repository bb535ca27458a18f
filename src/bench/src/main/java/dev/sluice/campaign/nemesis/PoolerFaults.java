package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.Pooler;
import dev.sluice.campaign.cluster.Postgres;
import dev.sluice.campaign.cluster.Proxy;
import java.util.List;
import java.util.Random;

/** A pooler that comes between a service and its database, and goes again. */
final class PoolerFaults {

    static final String POOLER = "pooler";

    private static final int MOST = 8_000;

    private final Postgres postgres;
    private final List<Proxy> proxies;
    private final Pauses pauses;

    PoolerFaults(Postgres postgres, List<Proxy> proxies, Pauses pauses) {
        this.postgres = postgres;
        this.proxies = proxies;
        this.pauses = pauses;
    }

    List<Fault> all() {
        if (!Pooler.isInstalled()) {
            System.out.println("There is no pgbouncer: no pooler comes between a service and its database.");
            return List.of();
        }
        // Of the server's group: it must not move meanwhile.
        return List.of(new Fault(POOLER, "postgres", this::comeBetween));
    }

    private void comeBetween(Random random) throws Exception {
        Proxy proxy = proxies.get(random.nextInt(proxies.size()));
        try (Pooler pooler = Pooler.start(postgres.database(), random.nextInt(4) > 0)) {
            proxy.redirect(pooler.port());
            proxy.cutAll();
            pauses.upTo(random, MOST);
            if (random.nextBoolean()) {
                // What was acknowledged through it is on disk.
                postgres.kill();
                postgres.start();
                pauses.upTo(random, MOST / 4);
            }
        } finally {
            proxy.redirect(0);
            proxy.cutAll();
        }
    }
}
