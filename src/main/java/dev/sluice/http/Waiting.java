package dev.sluice.http;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the time between two tries is chosen and spent.
 *
 * @param timer lets the time pass
 * @param random from 0 to 1
 */
record Waiting(Clock clock, Timer timer, DoubleSupplier random) {

    private static final int MOST_DOUBLINGS = 30;

    static Waiting system(Timer timer) {
        return new Waiting(
                Clock.systemUTC(), timer, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Returns how long to wait after that many failed tries: anything up to an exponentially growing time, so that those
     * who failed together do not come back together; not less than the target asked for.
     */
    Duration after(int tries, HttpSinkProperties settings, @Nullable Duration retryAfter) {
        Duration grown = settings.backoff().multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
        Duration most = grown.compareTo(settings.maxBackoff()) < 0 ? grown : settings.maxBackoff();
        Duration wait = Duration.ofNanos((long) (most.toNanos() * random.getAsDouble()));
        return retryAfter != null && retryAfter.compareTo(wait) > 0 ? retryAfter : wait;
    }
}
