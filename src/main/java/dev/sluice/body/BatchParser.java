package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.batch.InvalidBatchException;
import dev.sluice.batch.SpoolStorage;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.JsonScanner.Form;
import dev.sluice.json.MalformedJson;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Reads a body to its end: only a batch that is complete, valid and hashed goes on from here. */
@Component
@EnableConfigurationProperties(LimitProperties.class)
public class BatchParser {

    private final SpoolStorage storage;
    private final LimitProperties limits;

    BatchParser(SpoolStorage storage, LimitProperties limits) {
        this.storage = storage;
        this.limits = limits;
    }

    public LimitProperties limits() {
        return limits;
    }

    public Batch parse(InputStream body, BodyFormat format, WriteQuery query) {
        Form form = format == BodyFormat.JSON ? Form.DOCUMENT : Form.LINES;
        JsonScanner scanner = new JsonScanner(body, limits.json(), form);
        try (BatchBuilder builder = storage.newBatch()) {
            BodyReader reader = format == BodyFormat.JSON
                    ? new JsonBodyReader(scanner, builder, query, limits)
                    : new NdjsonBodyReader(scanner, builder, query, limits);
            try {
                return reader.read();
            } catch (MalformedJson e) {
                throw located(problem(e), reader)
                        .with("line", format == BodyFormat.NDJSON ? e.line() : null)
                        .with("byteOffset", e.offset())
                        .exception();
            } catch (InvalidBatchException e) {
                throw Problem.of(ProblemType.MALFORMED_BATCH, e.getMessage() + "; nothing was written")
                        .with("index", e.index() < 0 ? null : e.index())
                        .exception();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Problem located(Problem problem, BodyReader reader) {
        if (!reader.inRecords()) {
            return problem;
        }
        long index = reader.indexAtFault();
        Long first = reader.denseOffset();
        return problem.with("index", index).with("offset", first == null ? null : first + index);
    }

    private static Problem problem(MalformedJson e) {
        return switch (e.kind()) {
            case SYNTAX, ENCODING, TRUNCATED ->
                Problem.of(ProblemType.MALFORMED_BATCH, e.getMessage() + "; nothing was written");
            case RECORD_SIZE -> tooLarge(e, "record-size");
            case DEPTH -> tooLarge(e, "depth");
            case STRING_LENGTH -> tooLarge(e, "string-size");
            case NUMBER_LENGTH -> tooLarge(e, "number-length");
            case EXPONENT -> tooLarge(e, "exponent");
        };
    }

    private static Problem tooLarge(MalformedJson e, String limit) {
        return Problem.of(
                ProblemType.TOO_LARGE, e.getMessage() + " (sluice.limits." + limit + "); nothing was written");
    }
}
