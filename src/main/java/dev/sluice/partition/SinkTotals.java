package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.SinksChanged;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.delivery.Buffers;
import dev.sluice.delivery.Buffers.Undelivered;
import dev.sluice.snapshot.PartitionStates;
import dev.sluice.snapshot.PartitionStates.Totals;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * How many partitions of a sink are in which state, and what waits in the buffers. Looked at every two seconds at most,
 * whoever asks, and only while somebody does. Thread-safe.
 */
@Component
public class SinkTotals implements DisposableBean {

    private static final Duration KEPT = Duration.ofSeconds(2);

    private final Map<String, PartitionState> states;
    private final ExecutorService executor = executor();
    private final SharedLooks<String, Totals> rows;
    private final SharedLooks<String, Map<String, Undelivered>> undelivered;

    SinkTotals(PartitionStates rows, Buffers buffers, PartitionSearch search) {
        this.states = search.states();
        this.rows = new SharedLooks<>(rows::totals, KEPT, executor, System::nanoTime);
        this.undelivered = new SharedLooks<>(all -> buffers.undelivered(), KEPT, executor, System::nanoTime);
    }

    private static ExecutorService executor() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "totals");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /**
     * Returns how many of a sink's partitions are in which state, by the states' names, all of them first; of workers
     * only what memory knows. Without what the database would have to tell, where it does not answer soon.
     */
    public Map<String, Long> of(SinkDefinition sink) {
        Map<String, Long> totals = new LinkedHashMap<>();
        totals.put("all", (long) sink.partitions().size());
        Optional<Totals> found = sink.stateless() ? Optional.empty() : rows.get(sink.id());
        found.ifPresent(row -> {
            totals.put("used", row.used());
            totals.put("opened", row.opened());
            totals.put("active", row.active());
            if (sink.sink() instanceof AcceptingSink) {
                totals.put("lagging", row.lagging());
            }
        });
        states.forEach((name, state) -> totals.put(name, (long) state.of(sink).size()));
        return totals;
    }

    /** Returns what waits in each buffer that has something to deliver, by sink; empty if the database does not tell. */
    public Optional<Map<String, Undelivered>> undelivered() {
        return undelivered.get("");
    }

    /** Forgets what was seen of sinks that are not the same any more. */
    @EventListener
    void drop(SinksChanged changed) {
        changed.ids().forEach(rows::forget);
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
    }
}
