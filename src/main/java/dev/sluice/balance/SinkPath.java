package dev.sluice.balance;

import dev.sluice.body.Query;
import dev.sluice.catalog.NearestNames;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the sink whose records are to be counted or compared. */
@Component
class SinkPath {

    private final SinkCatalog catalog;

    SinkPath(SinkCatalog catalog) {
        this.catalog = catalog;
    }

    /** Returns a sink that keeps positions, once it is known to have the partition, if one is named. */
    SinkDefinition sink(String id, @Nullable String partition) {
        SinkDefinition sink = catalog.find(id).orElseThrow(() -> {
            List<String> known = catalog.all().stream().map(SinkDefinition::id).toList();
            String detail = "there is no sink '" + id + "'" + NearestNames.hint(id, known);
            return Problem.of(ProblemType.UNKNOWN_SINK, detail + "; GET /sinks lists them all")
                    .with("sink", id)
                    .exception();
        });
        if (sink.stateless()) {
            throw Problem.of(
                            ProblemType.STATELESS,
                            "the sink '" + id + "' has workers, which keep neither positions nor receipts: there is"
                                    + " nothing to count by")
                    .with("sink", id)
                    .exception();
        }
        if (partition != null && !sink.hasPartition(partition)) {
            String hint = NearestNames.hint(partition, sink.partitions());
            throw Problem.of(
                            ProblemType.UNKNOWN_PARTITION,
                            "the sink '" + id + "' has no partition '" + partition + "'" + hint)
                    .with("sink", id)
                    .with("partition", partition)
                    .exception();
        }
        return sink;
    }

    /** Returns which of the query parameters that are known are true. */
    static Set<String> flags(HttpServletRequest request, Set<String> known) {
        var given = Query.parse(request.getQueryString(), known, ProblemType.MALFORMED_REQUEST);
        Set<String> flags = new HashSet<>();
        given.toSingleValueMap().forEach((name, value) -> {
            if (!value.equals("true") && !value.equals("false")) {
                throw Problem.of(ProblemType.MALFORMED_REQUEST, name + "=" + value + " is neither true nor false")
                        .exception();
            }
            if (value.equals("true")) {
                flags.add(name);
            }
        });
        return flags;
    }
}
