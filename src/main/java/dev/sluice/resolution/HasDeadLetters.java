package dev.sluice.resolution;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.SinksChanged;
import dev.sluice.partition.PartitionState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Somebody has to decide about dead letters. What is told is two seconds old; older where the database does not answer.
 */
@Component
class HasDeadLetters implements PartitionState {

    private static final Logger log = LoggerFactory.getLogger(HasDeadLetters.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    private record Known(Set<String> partitions, long at) {
        static final Known NOTHING = new Known(Set.of(), System.nanoTime() - FRESH_NANOS);
    }

    private final LetterPages pages;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    HasDeadLetters(LetterPages pages) {
        this.pages = pages;
    }

    @Override
    public String name() {
        return "dead-letters";
    }

    @Override
    public Set<String> of(SinkDefinition sink) {
        if (!sink.settles()) {
            return Set.of();
        }
        Known before = known.getOrDefault(sink.id(), Known.NOTHING);
        if (System.nanoTime() - before.at() < FRESH_NANOS) {
            return before.partitions();
        }
        // Whoever asks meanwhile is told what is known.
        known.put(sink.id(), new Known(before.partitions(), System.nanoTime()));
        try {
            Set<String> now = pages.partitions(sink.id());
            known.put(sink.id(), new Known(now, System.nanoTime()));
            return now;
        } catch (DataAccessException | TransactionException e) {
            log.debug("Which partitions of {} have dead letters cannot be told", sink.id(), e);
            return before.partitions();
        }
    }

    @EventListener
    void forget(SinksChanged changed) {
        known.keySet().removeAll(changed.ids());
    }
}
