package dev.sluice.ingest;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The path that writers post to; see {@link BatchFilter} for the short way to it. */
@RestController
class BatchController {

    private final BatchWrites batches;

    BatchController(BatchWrites batches) {
        this.batches = batches;
    }

    /** Returns the problem, null where the answer is written. */
    @Needs(Verb.WRITE)
    @PostMapping("/sinks/{sink}/partitions/{partition}")
    @Nullable
    ResponseEntity<?> write(
            @PathVariable("sink") String sink,
            @PathVariable("partition") String partition,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        request.setAttribute(WriteMeters.WRITES, sink);
        return batches.write(sink, partition, request, response)
                .map(Problem::answer)
                .orElse(null);
    }
}
