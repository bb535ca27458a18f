package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.Preloads;
import dev.sluice.campaign.cluster.Proxy;
import dev.sluice.campaign.cluster.ServiceNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What becomes of the processes of the service, their disks and their clocks. */
final class ServiceFaults {

    // Other faults go on meanwhile: its database may be away for most of it.
    private static final int READY_SECONDS = 300;
    // Longer than a transaction may be idle: its place has been taken when it wakes up.
    private static final int LONG_PAUSE = 11_000;
    private static final long[] CLOCKS = {-86_400 * 400L, -3_600, -30, 30, 3_600, 86_400 * 400L};

    private final List<ServiceNode> services;
    private final List<Proxy> proxies;
    private final Preloads preloads;
    private final Pauses pauses;

    ServiceFaults(List<ServiceNode> services, List<Proxy> proxies, Preloads preloads, Pauses pauses) {
        this.services = services;
        this.proxies = proxies;
        this.preloads = preloads;
        this.pauses = pauses;
    }

    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < services.size(); i++) {
            ServiceNode service = services.get(i);
            Proxy proxy = proxies.get(i);
            String group = service.name();
            faults.add(new Fault("kill-service", group, random -> {
                service.kill();
                comeBack(service, random);
            }));
            faults.add(new Fault("kill-starting", group, random -> {
                service.kill();
                service.start();
                pauses.upTo(random, 4_000);
                service.kill();
                comeBack(service, random);
            }));
            faults.add(new Fault(
                    "kill-before-commit", group, random -> killAt(proxy, Proxy.AtCommit.KILL_BEFORE, service, random)));
            faults.add(new Fault(
                    "kill-after-commit", group, random -> killAt(proxy, Proxy.AtCommit.KILL_AFTER, service, random)));
            faults.add(new Fault("stop-service", group, random -> {
                service.stop();
                comeBack(service, random);
            }));
            faults.add(new Fault("pause-service", group, random -> {
                service.pause();
                pauses.upTo(random, 4_000);
                service.resume();
            }));
            faults.add(new Fault("zombie-service", group, random -> {
                service.pause();
                pauses.atLeast(LONG_PAUSE, random, 5_000);
                service.resume();
                // Long enough to do harm.
                pauses.upTo(random, 2_000);
            }));
            faults.add(new Fault("full-disk", group, random -> {
                service.limit("fsize", Integer.toString(20_000 + random.nextInt(400_000)));
                pauses.upTo(random, 5_000);
                service.limit("fsize", "unlimited");
            }));
            faults.add(new Fault("no-more-files", group, random -> {
                service.limit("nofile", Integer.toString(service.openFiles() + random.nextInt(3)));
                pauses.upTo(random, 4_000);
                service.limit("nofile", "4096");
            }));
            if (preloads.canFail()) {
                faults.add(new Fault(Faults.BROKEN_DISK, group, random -> {
                    // Writes, fsyncs or both: one that fails hides what the other would have done.
                    int what = random.nextInt(3);
                    service.breakDisk(what == 0 ? 0 : share(random), what == 1 ? 0 : share(random));
                    pauses.upTo(random, 5_000);
                    service.breakDisk(0, 0);
                }));
            }
        }
        if (preloads.canSetClocks()) {
            // One replica's only: the others go on with the time as it is.
            ServiceNode service = services.get(services.size() - 1);
            faults.add(new Fault(Faults.CLOCK_JUMP, service.name() + "'s clock", random -> {
                service.setClockOff(CLOCKS[random.nextInt(CLOCKS.length)]);
                pauses.upTo(random, 8_000);
                service.setClockOff(0);
            }));
        }
        return faults;
    }

    private static double share(Random random) {
        return 0.02 + random.nextDouble() * 0.4;
    }

    private void comeBack(ServiceNode service, Random random) throws Exception {
        pauses.upTo(random, 1_000);
        service.start();
        service.awaitReady(READY_SECONDS);
        // As long as it takes until it is in the middle of something again.
        pauses.upTo(random, 1_500);
    }

    private void killAt(Proxy proxy, Proxy.AtCommit where, ServiceNode service, Random random) throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        proxy.killAtCommit(where, () -> {
            try {
                service.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            dead.countDown();
        });
        boolean killed = dead.await(10, TimeUnit.SECONDS);
        proxy.spare();
        if (!killed) {
            service.kill();
        }
        comeBack(service, random);
    }
}
