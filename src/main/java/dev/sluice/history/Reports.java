package dev.sluice.history;

import dev.sluice.snapshot.ReplicaReport;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** What this process has counted, for itself and, twice a step, for the other replicas. */
@Component
@EnableConfigurationProperties(HistoryProperties.class)
class Reports implements ReplicaReport {

    private final Tallies tallies;
    private final long everyMillis;
    private final long startedAt = System.nanoTime();

    /* Of the one thread that gives signs of life. */
    private long toldAt = Long.MIN_VALUE;

    Reports(Tallies tallies, HistoryProperties properties) {
        this.tallies = tallies;
        this.everyMillis = properties.step().toMillis() / 2;
    }

    Report now() {
        return new Report(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt), tallies.counts());
    }

    @Override
    public @Nullable String due() {
        Report report = now();
        if (toldAt != Long.MIN_VALUE && report.at() - toldAt < everyMillis) {
            return null;
        }
        toldAt = report.at();
        return report.json();
    }
}
