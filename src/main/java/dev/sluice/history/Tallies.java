package dev.sluice.history;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** What this process counts of each sink. Of the first {@value #MOST} sinks that are written to. Thread-safe. */
@Component
public class Tallies {

    static final int MOST = 200;

    private final Map<String, Tally> bySink = new ConcurrentHashMap<>();
    /* Counts what is not shown. */
    private final Tally others = new Tally();

    Tallies() {}

    /** Returns where to count what becomes of a sink's records. */
    public Tally of(String sink) {
        Tally known = bySink.get(sink);
        return known == null ? added(sink) : known;
    }

    private Tally added(String sink) {
        return bySink.size() < MOST ? bySink.computeIfAbsent(sink, missing -> new Tally()) : others;
    }

    Map<String, Counts> counts() {
        Map<String, Counts> counts = new TreeMap<>();
        bySink.forEach((sink, tally) -> counts.put(sink, tally.counts()));
        return counts;
    }

    void retain(Set<String> sinks) {
        bySink.keySet().retainAll(sinks);
    }
}
