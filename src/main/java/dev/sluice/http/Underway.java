package dev.sluice.http;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The deliveries that wait for something. Thread-safe. */
final class Underway implements AutoCloseable {

    private final Set<Delivery> deliveries = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Adds a delivery until it ends; gives it up if this is closed. */
    void add(Delivery delivery) {
        deliveries.add(delivery);
        CompletionStage<Void> end = delivery.arrived();
        end.whenComplete((nothing, failure) -> deliveries.remove(delivery));
        if (closed) {
            delivery.giveUp("the service is stopping", null);
        }
    }

    /** Gives up all, so that nobody waits for ever. */
    @Override
    public void close() {
        closed = true;
        deliveries.forEach(delivery -> delivery.giveUp("the service is stopping", null));
    }
}
