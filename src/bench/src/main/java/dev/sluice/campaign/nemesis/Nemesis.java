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

    private static final int AT_ONCE = 3;

    private final List<Fault> faults;
    private final Random random;
    private final History history;
    private final AtomicBoolean stop;
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Thread> threads = new ArrayList<>();

    /** @param only the names of the faults to use; all where it is empty */
    public Nemesis(Faults faults, Set<String> only, long seed, History history, AtomicBoolean stop) {
        this.faults = faults.all().stream()
                .filter(fault -> only.isEmpty() || only.contains(fault.name()))
                .toList();
        this.random = new Random(seed);
        this.history = history;
        this.stop = stop;
        if (this.faults.isEmpty() && !only.contains("none")) {
            throw new IllegalArgumentException("--faults " + only + ": none of these is known: "
                    + faults.all().stream().map(Fault::name).distinct().toList());
        }
    }

    /** Goes on until it is told to stop, and until all is undone. */
    public void run() throws InterruptedException {
        while (!stop.get()) {
            Thread.sleep(100 + random.nextInt(1_500));
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
        if (faults.isEmpty() || busy.size() >= AT_ONCE) {
            return;
        }
        Fault fault = faults.get(random.nextInt(faults.size()));
        long seed = random.nextLong();
        if (!busy.add(fault.group())) {
            return;
        }
        counts.merge(fault.name(), 1, Integer::sum);
        Thread thread = new Thread(() -> inflict(fault, new Random(seed)), fault.name());
        threads.add(thread);
        thread.start();
    }

    private void inflict(Fault fault, Random own) {
        history.add("FAULT " + fault.name() + " of " + fault.group());
        try {
            fault.harm().inflict(own);
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
