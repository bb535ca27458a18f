package dev.sluice.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * When the database was last found to be another one than before. By the number of the incarnation it could not be told:
 * a backup that is restored twice brings the former number back.
 */
final class IncarnationMeter implements MeterBinder {

    private final Incarnations incarnations;

    IncarnationMeter(Incarnations incarnations) {
        this.incarnations = incarnations;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("sluice.incarnation.since", this::since)
                .description("When the database was last restored or promoted, in seconds since 1970; 0 if never")
                .baseUnit("seconds")
                .register(registry);
    }

    private double since() {
        return incarnations
                .current()
                .filter(incarnation -> incarnation.number() > 1)
                .map(incarnation -> incarnation.since().toEpochMilli() / 1e3)
                .orElse(0.0);
    }
}
