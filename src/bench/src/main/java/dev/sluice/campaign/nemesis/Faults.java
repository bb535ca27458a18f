package dev.sluice.campaign.nemesis;

import dev.sluice.bench.postgres.Database;
import dev.sluice.campaign.cluster.Postgres;
import dev.sluice.campaign.cluster.Proxy;
import dev.sluice.campaign.cluster.ServiceNode;
import dev.sluice.campaign.cluster.Target;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** The kinds of harm that a campaign knows. */
public final class Faults {

    private static final int READY_SECONDS = 90;
    private static final String ROWS = "select 1 from sluice.snapshot where random() < 0.4 for update";
    // Every connection of every service ends up waiting for these.
    private static final String TABLES = "lock table rows, \"buffered-rows\", sluice.snapshot in access exclusive mode";

    private final Postgres postgres;
    private final List<ServiceNode> services;
    private final List<Proxy> proxies;
    private final Target target;
    private final AtomicBoolean stop;

    public Faults(
            Postgres postgres, List<ServiceNode> services, List<Proxy> proxies, Target target, AtomicBoolean stop) {
        this.postgres = postgres;
        this.services = services;
        this.proxies = proxies;
        this.target = target;
        this.stop = stop;
    }

    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        for (ServiceNode service : services) {
            String group = service.name();
            faults.add(new Fault("kill-service", group, random -> restart(service, random, true)));
            faults.add(new Fault("kill-service", group, random -> restart(service, random, true)));
            faults.add(new Fault("stop-service", group, random -> restart(service, random, false)));
            faults.add(new Fault("pause-service", group, random -> {
                service.pause();
                // Longer than every timeout now and then: its place has been taken when it wakes up.
                pause(random, random.nextInt(3) == 0 ? 16_000 : 4_000);
                service.resume();
            }));
        }
        for (ServiceNode service : services) {
            faults.add(new Fault("full-disk", service.name(), random -> {
                service.limit("fsize", Integer.toString(20_000 + random.nextInt(400_000)));
                pause(random, 5_000);
                service.limit("fsize", "unlimited");
            }));
            faults.add(new Fault("no-more-files", service.name(), random -> {
                service.limit("nofile", Integer.toString(service.openFiles() + random.nextInt(3)));
                pause(random, 4_000);
                service.limit("nofile", "4096");
            }));
        }
        faults.add(new Fault("kill-postgres", "postgres", random -> {
            postgres.kill();
            pause(random, 1_500);
            postgres.start();
        }));
        faults.add(new Fault("stop-postgres-immediately", "postgres", random -> restart(true, random)));
        faults.add(new Fault("restart-postgres", "postgres", random -> restart(false, random)));
        if (postgres.hasStandby()) {
            faults.add(new Fault("fail-over", "postgres", random -> postgres.failOver()));
        }
        faults.add(new Fault("kill-backends", "backends", random -> kill(random)));
        faults.add(new Fault("hold-locks", "backends", random -> hold(random, ROWS)));
        faults.add(new Fault("exhaust-pool", "backends", random -> hold(random, TABLES)));
        for (int i = 0; i < proxies.size(); i++) {
            Proxy proxy = proxies.get(i);
            for (Proxy.AtCommit what : Proxy.AtCommit.values()) {
                String name = "commit-" + what.name().toLowerCase().replace('_', '-');
                faults.add(new Fault(name, "proxy-" + i, random -> {
                    proxy.atCommit(what, 0.02 + random.nextDouble() * 0.3, 200 + random.nextInt(3_000));
                    pause(random, 6_000);
                    proxy.heal();
                }));
            }
            faults.add(new Fault("cut-connections", "proxy-" + i, random -> proxy.cutAll()));
            faults.add(new Fault("black-hole", "proxy-" + i, random -> {
                long millis = 500 + random.nextInt(12_000);
                proxy.blackHole(millis);
                pause(random, (int) millis);
                proxy.heal();
            }));
            faults.add(new Fault("latency", "proxy-" + i, random -> {
                proxy.delay(1 + random.nextInt(40));
                pause(random, 4_000);
                proxy.heal();
            }));
            faults.add(new Fault("trickle", "proxy-" + i, random -> {
                proxy.trickle(100 + random.nextInt(2_000));
                pause(random, 4_000);
                proxy.heal();
            }));
        }
        for (Target.Mood mood : Target.Mood.values()) {
            if (mood != Target.Mood.WELL) {
                String name = "target-" + mood.name().toLowerCase().replace('_', '-');
                faults.add(new Fault(name, "target", random -> {
                    target.mood(mood);
                    pause(random, 6_000);
                    target.mood(Target.Mood.WELL);
                }));
            }
        }
        faults.add(new Fault("target-dead", "target", random -> {
            target.die();
            pause(random, 6_000);
            target.live();
        }));
        return faults;
    }

    private void restart(ServiceNode service, Random random, boolean kill) throws Exception {
        if (kill) {
            service.kill();
        } else {
            service.stop();
        }
        pause(random, 1_000);
        service.start();
        service.awaitReady(READY_SECONDS);
        // As long as it takes until it is in the middle of something again.
        pause(random, 3_000);
    }

    private void restart(boolean immediately, Random random) throws Exception {
        postgres.stop(immediately);
        pause(random, 2_500);
        postgres.start();
    }

    private void kill(Random random) throws Exception {
        for (int i = random.nextInt(20); i >= 0 && !stop.get(); i--) {
            postgres.database()
                    .execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice'"
                            + " and random() < 0.3");
            Thread.sleep(50 + random.nextInt(300));
        }
    }

    private void hold(Random random, String lock) throws Exception {
        Database database = postgres.database();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(lock);
            pause(random, 7_000);
            connection.rollback();
        }
    }

    private void pause(Random random, int most) throws InterruptedException {
        long until = System.nanoTime() + (most / 10 + random.nextInt(most)) * 1_000_000L;
        while (System.nanoTime() < until && !stop.get()) {
            Thread.sleep(20);
        }
    }
}
