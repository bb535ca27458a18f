package dev.sluice.ingest;

import dev.sluice.batch.Batch;
import dev.sluice.body.BatchParser;
import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.WriteQuery;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.commit.WriteRequest;
import dev.sluice.partition.Partitions;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The path that writers post to. What headers and query alone can tell is told before the body is read. */
@RestController
class BatchController {

    private final Addressing addressing;
    private final BatchParser parser;
    private final Partitions partitions;

    BatchController(Addressing addressing, BatchParser parser, Partitions partitions) {
        this.addressing = addressing;
        this.parser = parser;
        this.partitions = partitions;
    }

    @PostMapping("/sinks/{sink}/partitions/{partition}")
    ResponseEntity<?> write(
            @PathVariable("sink") String sinkId,
            @PathVariable("partition") String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = addressing.sinkWith(sinkId, partition);
        BodyFormat format = WriteHeaders.format(request);
        WriteQuery query = WriteQuery.parse(request.getQueryString());
        Long fencingToken = WriteHeaders.fencingToken(request);
        Duration patience = WriteHeaders.patience(request);
        InputStream body = Decompression.of(
                request.getInputStream(), request.getHeader(HttpHeaders.CONTENT_ENCODING), parser.limits());
        try (Batch batch = parser.parse(body, format, query)) {
            WriteOutcome outcome =
                    partitions.write(sink, partition, new WriteRequest(batch, fencingToken, query.dryRun(), patience));
            if (outcome instanceof Written written) {
                return committed(patience).body(WriteAnswer.of(sink, partition, batch, written, query.dryRun()));
            }
            return WriteProblems.of(outcome, batch)
                    .with("sink", sinkId)
                    .with("partition", partition)
                    .answer();
        }
    }

    private static ResponseEntity.BodyBuilder committed(Duration patience) {
        // The media type is fixed: an Accept header must not turn a commit into a failure.
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
        return patience.isZero() ? answer : answer.header("Preference-Applied", "wait=" + patience.toSeconds());
    }
}
