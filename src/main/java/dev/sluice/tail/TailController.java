package dev.sluice.tail;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.partition.Partitions;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.security.Access;
import dev.sluice.sink.ReadableSink;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows records of a partition as they arrive. */
@RestController
class TailController {

    private static final ProblemType MALFORMED = ProblemType.MALFORMED_REQUEST;

    private final Access access;
    private final Addressing addressing;
    private final Partitions partitions;
    private final Tails tails;
    private final TailProperties properties;

    TailController(
            Access access, Addressing addressing, Partitions partitions, Tails tails, TailProperties properties) {
        this.access = access;
        this.addressing = addressing;
        this.partitions = partitions;
        this.tails = tails;
        this.properties = properties;
    }

    /** Returns null once the stream has ended. */
    @Needs(Verb.RECORDS)
    // The second one is where a browser has its session.
    @GetMapping({"/sinks/{sink}/partitions/{partition}/tail", "/console/sinks/{sink}/partitions/{partition}/tail"})
    @Nullable
    ResponseEntity<?> tail(
            @PathVariable("sink") String sinkId,
            @PathVariable("partition") String partition,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        MultiValueMap<String, String> query =
                Query.parse(request.getQueryString(), Set.of("from", "integers"), MALFORMED);
        boolean strings = strings(query.getFirst("integers"), request.getHeader("Sluice-Integers"));
        Long from = from(query.getFirst("from"), request.getHeader("Last-Event-ID"));
        Snapshot snapshot = partitions.snapshot(sink, partition);
        Viewer viewer = new Viewer(from == null ? Tails.end(sink, snapshot) : from);
        PartitionKey key = new PartitionKey(sinkId, partition);
        if (!tails.join(key, viewer)) {
            throw Problem.of(
                            ProblemType.BUSY,
                            "this process shows sluice.tails.most=" + properties.most()
                                    + " tails already, or it shuts down; close one, or ask another replica")
                    .with("sink", sinkId)
                    .with("partition", partition)
                    .retryAfter(15)
                    .exception();
        }
        try {
            boolean bytes = Tails.readable(sink).map(ReadableSink::countsBytes).orElse(false);
            new EventStream(response, properties.heartbeat(), strings, bytes)
                    .send(viewer, () -> access.isStillGranted(sinkId, Verb.RECORDS, request));
        } finally {
            tails.leave(key, viewer);
        }
        return null;
    }

    private static boolean strings(@Nullable String parameter, @Nullable String header) {
        String wanted = parameter == null ? header : parameter;
        if (wanted != null && !wanted.equals("string") && !wanted.equals("number")) {
            throw Problem.of(MALFORMED, "integers=" + wanted + " is neither string nor number")
                    .exception();
        }
        return "string".equals(wanted);
    }

    private static @Nullable Long from(@Nullable String from, @Nullable String lastSeen) {
        if (lastSeen != null && !lastSeen.isEmpty()) {
            return Math.min(Query.number("Last-Event-ID", lastSeen, MALFORMED), Long.MAX_VALUE - 1) + 1;
        }
        return from == null || from.equals("now") ? null : Query.number("from", from, MALFORMED);
    }
}
