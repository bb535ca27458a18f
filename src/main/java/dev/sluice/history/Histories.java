package dev.sluice.history;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.outcome.DatabaseFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Keeps the last {@value Series#POINTS} points of {@value Tallies#MOST} sinks, 2 MB at most. Thread-safe. */
@Component
public class Histories {

    private static final Logger log = LoggerFactory.getLogger(Histories.class);

    private final Standings standings;
    private final Tallies tallies;
    private final SinkCatalog catalog;
    private final Duration step;

    /* Guarded by the monitor. */
    private final Map<String, Series> bySink = new TreeMap<>();
    private @Nullable Standing before;
    private @Nullable Standing earlier;
    private long last;

    Histories(Standings standings, Tallies tallies, SinkCatalog catalog, HistoryProperties properties) {
        this.standings = standings;
        this.tallies = tallies;
        this.catalog = catalog;
        this.step = properties.step();
        this.last = number(Instant.now());
    }

    private long number(Instant at) {
        return at.toEpochMilli() / step.toMillis();
    }

    @Scheduled(fixedRateString = "${sluice.history.step:10s}", initialDelayString = "${sluice.history.step:10s}")
    void take() {
        Standing now;
        try {
            now = standings.now();
        } catch (DataAccessException | TransactionException e) {
            // Neither what waits nor what the others do is known: the history has a gap there.
            log.debug("The history has a gap: {}", DatabaseFailure.describe(e));
            return;
        }
        Set<String> defined = catalog.all().stream().map(SinkDefinition::id).collect(Collectors.toSet());
        catalog.unusable().forEach(sink -> defined.add(sink.id()));
        tallies.retain(defined);
        keep(now, number(Instant.now()), defined);
    }

    private synchronized void keep(Standing now, long number, Set<String> defined) {
        // A clock that was set back writes over what it has written.
        last = number;
        bySink.keySet().retainAll(defined);
        bySink.values().removeIf(series -> series.isOver(number));
        if (before != null) {
            Rate.between(before, now).forEach((sink, rate) -> {
                if (defined.contains(sink) && (bySink.containsKey(sink) || bySink.size() < Tallies.MOST)) {
                    bySink.computeIfAbsent(sink, missing -> new Series()).put(number, rate);
                }
            });
        }
        earlier = before;
        before = now;
    }

    /** Returns how things stood one to two steps ago; empty where this process has not been looking for as long. */
    public synchronized Optional<Standing> earlier() {
        return Optional.ofNullable(earlier);
    }

    Duration step() {
        return step;
    }

    /** Returns the end of the last step. */
    synchronized Instant end() {
        return Instant.ofEpochMilli(last * step.toMillis());
    }

    /** Returns the last points of those sinks of which there are any. */
    synchronized List<SinkHistory> of(Collection<String> sinks, int count) {
        return bySink.entrySet().stream()
                .filter(entry -> sinks.contains(entry.getKey()))
                .map(entry -> SinkHistory.of(entry.getKey(), entry.getValue(), last, count))
                .toList();
    }
}
