package dev.sluice.ingest;

import dev.sluice.body.BodyFormat;
import dev.sluice.body.Query;
import dev.sluice.body.WriteQuery;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The headers that mean something for a batch. */
final class WriteHeaders {

    static final String FENCING_TOKEN = "Sluice-Fencing-Token";

    private WriteHeaders() {}

    static BodyFormat format(HttpServletRequest request) {
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE));
        if (types.size() > 1) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "the header Content-Type stands there " + types.size() + " times: " + types)
                    .exception();
        }
        return BodyFormat.of(request.getContentType());
    }

    static @Nullable Long fencingToken(HttpServletRequest request) {
        List<String> values = Collections.list(request.getHeaders(FENCING_TOKEN));
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw Problem.of(
                            ProblemType.MALFORMED_BATCH,
                            "the header " + FENCING_TOKEN + " stands there " + values.size() + " times")
                    .exception();
        }
        return Query.number(FENCING_TOKEN, values.get(0).trim(), ProblemType.MALFORMED_BATCH);
    }

    /** Refuses a batch of lines whose offset stands where nobody reads it. */
    static void refuseOffset(HttpServletRequest request, BodyFormat format, WriteQuery query) {
        if (format != BodyFormat.NDJSON || query.offset() != null || query.offsets() == WriteQuery.Offsets.INLINE) {
            return;
        }
        for (String name : List.of("Offset", "X-Offset", "Sluice-Offset")) {
            String value = request.getHeader(name);
            if (value != null) {
                throw Problem.of(
                                ProblemType.OFFSET_REQUIRED,
                                "the batch does not say where it begins: the header " + name
                                        + " is not read; put it into" + " the query, like ?offset=" + value)
                        .exception();
            }
        }
    }
}
