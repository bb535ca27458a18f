package dev.sluice.admission;

import dev.sluice.admission.Entry.Refused;
import dev.sluice.admission.Place.Standing;
import dev.sluice.meter.Meters;
import dev.sluice.meter.PerSink;
import dev.sluice.problem.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The places for requests and the bytes of their bodies. All counts are guarded by this. */
@Component
public class Admission {

    /* So that a body of unknown length does not ask for every packet. */
    private static final long STEP = 64 << 10;

    private final AdmissionProperties properties;
    private final PerSink<AdmissionMeters> meters;
    private final Shares requests;
    private final Shares bytes;
    /** Those with a place whose bodies still come. */
    private final Set<Place> arriving = new LinkedHashSet<>();

    /** By sink, of those whose requests come at all. */
    private final Map<String, Crowd> crowds = new HashMap<>();

    private int aside;

    Admission(AdmissionProperties properties, Meters bySink) {
        this.properties = properties;
        this.meters = bySink.perSink(sink -> AdmissionMeters.of(bySink, sink));
        this.requests = new Shares(properties.maxRequests());
        this.bytes = new Shares(properties.maxBytes().toBytes());
        MeterRegistry registry = bySink.registry();
        Gauge.builder("sluice.admission.requests", this, Admission::underWay)
                .description("Requests that hold a place")
                .register(registry);
        Gauge.builder("sluice.admission.bytes", this, Admission::bytesUnderWay)
                .description("Bytes of the bodies of requests under way")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("sluice.admission.slow", this, Admission::slow)
                .description("Requests whose bodies come slowly, without a place")
                .register(registry);
        limit(registry, AdmissionMeters.MAX_REQUESTS, properties.maxRequests());
        limit(registry, AdmissionMeters.MAX_BYTES, properties.maxBytes().toBytes());
        limit(registry, AdmissionMeters.MAX_SLOW, properties.maxSlow());
    }

    private static void limit(MeterRegistry registry, String bound, long most) {
        Gauge.builder("sluice.admission.limit", () -> most)
                .description("What there may be at most of each of these")
                .tag("bound", bound)
                .register(registry);
    }

    AdmissionProperties properties() {
        return properties;
    }

    /** Lets a request in, whose head says how long its body is; negative if it does not. */
    public Entry enter(String sink, long declared) {
        long length = Math.max(0, declared);
        if (length > properties.maxBytes().toBytes()) {
            return new Refused(Refusals.neverFits(properties, sink, length));
        }
        long now = System.nanoTime();
        synchronized (this) {
            if (!requests.take(sink, 1)) {
                return refused(
                        AdmissionMeters.MAX_REQUESTS, sink, Refusals.tooManyRequests(properties, sink, requests));
            }
            if (!bytes.take(sink, length)) {
                requests.giveBack(sink, 1);
                return refused(AdmissionMeters.MAX_BYTES, sink, Refusals.tooManyBytes(properties, sink, length, bytes));
            }
            Place place = new Place(this, sink, length, now);
            arriving.add(place);
            crowd(sink, now).letIn(seconds(now));
            return place;
        }
    }

    private Refused refused(String bound, String sink, Problem problem) {
        meters.of(sink).refuse(bound);
        long now = System.nanoTime();
        return new Refused(problem.retryAfter(crowd(sink, now).next(seconds(now))));
    }

    private Crowd crowd(String sink, long now) {
        return crowds.computeIfAbsent(sink, name -> new Crowd(seconds(now)));
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    synchronized void hasArrived(Place place) {
        arriving.remove(place);
    }

    /** Counts what has come of a request's body, once it is over. */
    void received(Place place) {
        if (place.arrived() > 0) {
            meters.of(place.sink()).received().increment((double) place.arrived());
        }
    }

    synchronized void leave(Place place) {
        arriving.remove(place);
        switch (place.standing()) {
            case PLACED -> requests.giveBack(place.sink(), 1);
            case ASIDE -> aside--;
            case CUT, GONE -> {}
        }
        bytes.giveBack(place.sink(), place.charged());
        place.charged(0);
        place.standing(Standing.GONE);
    }

    /** Makes room for what has come beyond what was announced. */
    synchronized void charge(Place place, long arrived) {
        long more = Math.max(arrived - place.charged(), STEP);
        if (!bytes.take(place.sink(), more)) {
            throw refused(
                            AdmissionMeters.MAX_BYTES,
                            place.sink(),
                            Refusals.tooManyBytes(properties, place.sink(), more, bytes))
                    .problem()
                    .exception();
        }
        place.charged(place.charged() + more);
    }

    @Scheduled(fixedDelay = 250)
    void sweep() {
        sweep(System.nanoTime());
    }

    /** Takes the places of those whose bodies come slowly, and what they have only announced. */
    synchronized void sweep(long now) {
        crowds.values().removeIf(crowd -> crowd.isIdle(seconds(now)));
        long after = properties.slowAfter().toNanos();
        long rate = properties.slowBelow().toBytes();
        for (Iterator<Place> places = arriving.iterator(); places.hasNext(); ) {
            Place place = places.next();
            if (place.isSlow(now, after, rate)) {
                places.remove();
                putAside(place);
            }
        }
    }

    private void putAside(Place place) {
        requests.giveBack(place.sink(), 1);
        long announced = Math.max(0, place.charged() - place.arrived());
        bytes.giveBack(place.sink(), announced);
        place.charged(place.charged() - announced);
        boolean kept = aside < properties.maxSlow();
        if (kept) {
            aside++;
        } else {
            meters.of(place.sink()).refuse(AdmissionMeters.MAX_SLOW);
        }
        place.standing(kept ? Standing.ASIDE : Standing.CUT);
    }

    synchronized long underWay() {
        return requests.taken();
    }

    synchronized long bytesUnderWay() {
        return bytes.taken();
    }

    synchronized int slow() {
        return aside;
    }
}
