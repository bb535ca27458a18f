package dev.sluice.catalog;

import dev.sluice.definition.FieldError;
import dev.sluice.definition.Routing;
import dev.sluice.definition.RoutingStore;
import dev.sluice.snapshot.SnapshotStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Keeps the partitions of a sink and the routing to them as they were when its data was written. */
@Component
class RoutingPins {

    private static final int PROBES = 64;
    private static final int MOST_LISTED = 20;
    private static final String ADVICE = "; positions and keys belong to them by name and by place. Put them back, or"
            + " define a sink of another id";

    /* Only where it can be deleted over HTTP. */
    private static final String DELETING = "; deleting this one and putting it anew starts all partitions at 0";

    private final RoutingStore pins;
    private final SnapshotStore snapshots;

    RoutingPins(RoutingStore pins, SnapshotStore snapshots) {
        this.pins = pins;
        this.snapshots = snapshots;
    }

    /** Returns why the sink cannot go on as it is defined now. */
    Optional<FieldError> conflict(SinkDefinition sink) {
        Routing now = routing(sink);
        return pins.find(sink.id())
                .filter(pinned -> !pinned.equals(now))
                .filter(pinned -> snapshots.hasData(sink.id()))
                .map(pinned -> FieldError.of(
                        sink.targets().isEmpty() ? field(pinned, now) : "",
                        difference(pinned, now) + (sink.source() == SinkDefinition.Source.DATABASE ? DELETING : "")));
    }

    boolean hasData(String sink) {
        return snapshots.hasData(sink);
    }

    /** Makes this routing the one to keep to. */
    void pin(SinkDefinition sink) {
        Routing now = routing(sink);
        if (!pins.find(sink.id()).equals(Optional.of(now))) {
            pins.put(sink.id(), now);
        }
    }

    void unpin(String sink) {
        pins.remove(sink);
    }

    private static Routing routing(SinkDefinition sink) {
        String fingerprint = sink.stateless()
                ? "workers"
                : IntStream.range(0, PROBES)
                        .mapToObj(i -> Integer.toString(sink.partitionOf("probe-" + i)))
                        .collect(Collectors.joining(","));
        return new Routing(sink.partitions(), fingerprint);
    }

    private static String field(Routing pinned, Routing now) {
        if (now.fingerprint().equals("workers")) {
            return "workers";
        }
        return pinned.partitions().equals(now.partitions()) ? "type" : "partitions";
    }

    private static String difference(Routing pinned, Routing now) {
        if (!pinned.partitions().equals(now.partitions())) {
            return "the sink has data in its partitions " + text(pinned.partitions()) + ", which would become "
                    + text(now.partitions()) + ADVICE;
        }
        if (now.fingerprint().equals("workers") || pinned.fingerprint().equals("workers")) {
            return "the sink has data in partitions, which are something else than workers" + ADVICE;
        }
        return "the sink has data, and its type's part_fn now sends keys to other partitions than before: records of"
                + " one key would be in two of them. Take the former version of the type, or define a sink of another"
                + " id";
    }

    private static String text(List<String> partitions) {
        return partitions.size() <= MOST_LISTED
                ? partitions.toString()
                : "(" + partitions.size() + ") " + partitions.subList(0, MOST_LISTED) + "…";
    }
}
