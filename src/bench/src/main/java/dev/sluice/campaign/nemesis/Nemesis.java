package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.stream.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Inflicts faults at random, several at once, now and then none. Its monitor guards what is under way and the counts. */
public final class Nemesis {

    private final List<Fault> faults;
    private final int atOnce;
    private final int paceMillis;
    private final Random random;
    private final History history;
    private final AtomicBoolean stop;
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * @param faults what to draw from, each as often as it is there
     * @param atOnce how many at most go on at the same time
     * @param paceMillis how long it takes on average until the next one is tried
     */
    public Nemesis(List<Fault> faults, int atOnce, int paceMillis, long seed, History history, AtomicBoolean stop) {
        this.faults = faults;
        this.atOnce = atOnce;
        this.paceMillis = paceMillis;
        this.random = new Random(seed);
        this.history = history;
        this.stop = stop;
    }

    /** Goes on until it is told to stop, and until all is undone. */
    public void run() throws InterruptedException {
        while (!stop.get()) {
            Thread.sleep(paceMillis / 9 + random.nextInt(paceMillis * 16 / 9));
            if (random.nextInt(12) == 0) {
                Thread.sleep(2_000);
            }
            begin();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    public synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    private synchronized void begin() {
        if (faults.isEmpty() || busy.size() >= atOnce) {
            return;
        }
        Fault fault = faults.get(random.nextInt(faults.size()));
        long seed = random.nextLong();
        if (!busy.add(fault.group())) {
            return;
        }
        threads.removeIf(thread -> !thread.isAlive());
        Thread thread = new Thread(() -> inflict(fault, new Random(seed)), fault.name());
        threads.add(thread);
        thread.start();
    }

    private synchronized void count(Fault fault) {
        counts.merge(fault.name(), 1, Integer::sum);
    }

    private void inflict(Fault fault, Random own) {
        history.add("FAULT " + fault.name() + " of " + fault.group());
        try {
            fault.harm().inflict(own);
            count(fault);
        } catch (Exception e) {
            // The database may be away for the fault as well; a service that does not come back is a finding.
            history.add("FAULT " + fault.name() + " failed: " + e);
            if (e.getMessage() != null && e.getMessage().contains("is not ready")) {
                history.violation(e.getMessage());
            }
        }
        history.add("HEALED " + fault.name() + " of " + fault.group());
        synchronized (this) {
            busy.remove(fault.group());
        }
    }
}
