package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.batch.BatchReader;
import dev.sluice.batch.InvalidBatchException;
import dev.sluice.batch.SpoolStorage;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.JsonScanner.Form;
import dev.sluice.json.MalformedJson;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.ReceiptProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Reads a body to its end: only a batch that is complete, valid and hashed goes on from here. */
@Component
@EnableConfigurationProperties(LimitProperties.class)
public class BatchParser {

    private final SpoolStorage storage;
    private final LimitProperties limits;
    private final boolean hashed;

    BatchParser(SpoolStorage storage, LimitProperties limits, ReceiptProperties receipts) {
        this.storage = storage;
        this.limits = limits;
        this.hashed = receipts.kept();
    }

    private BatchBuilder newBatch(boolean anyOrder) {
        BatchBuilder builder = storage.newBatch(anyOrder);
        return hashed ? builder : builder.unhashed();
    }

    public LimitProperties limits() {
        return limits;
    }

    /** Reads the body of a batch. */
    public Batch parse(InputStream body, BodyFormat format, WriteQuery query, Numbering numbering) {
        JsonScanner scanner = scanner(body, format);
        try (BatchBuilder builder = newBatch(numbering == Numbering.ANY_ORDER)) {
            BodyReader reader = format == BodyFormat.JSON
                    ? new JsonBodyReader(scanner, builder, query, numbering, limits)
                    : new NdjsonBodyReader(scanner, builder, query, numbering, limits);
            return read(reader::read, e -> located(problem(e), reader), format);
        }
    }

    /** Reads the body of records that are to be looked at only; they are numbered from 0. */
    public List<SinkRecord> parseSamples(InputStream body, BodyFormat format) {
        List<SinkRecord> samples = new ArrayList<>();
        try (Batch batch = parse(body, format, WriteQuery.UNNUMBERED, Numbering.NONE)) {
            BatchReader reader = batch.reader();
            while (reader.next()) {
                samples.add(new SinkRecord(reader.offset(), reader.record().toByteArray()));
            }
        }
        return samples;
    }

    /** Reads a body that is one record, and returns its bytes. */
    public byte[] parseRecord(InputStream body) {
        JsonScanner scanner = scanner(body, BodyFormat.JSON);
        return read(
                () -> {
                    scanner.peek();
                    scanner.scanValue();
                    byte[] record =
                            Arrays.copyOfRange(scanner.buffer(), scanner.start(), scanner.start() + scanner.length());
                    if (scanner.peek() != MalformedJson.END) {
                        throw scanner.unexpected("expected the end of the body: it is one record");
                    }
                    return record;
                },
                BatchParser::problem,
                BodyFormat.JSON);
    }

    /** Reads a body of keyed records into a batch for each of {@code partitions} partitions. */
    public KeyedBatch parseKeyed(
            InputStream body,
            BodyFormat format,
            WriteQuery query,
            int partitions,
            ToIntFunction<String> partitioner,
            boolean keysOfTombstones) {
        if (query.offsets() != WriteQuery.Offsets.COUNTED || query.first() != null || query.end() != null) {
            throw BodyReader.malformed("keyed records take ?offset=n only");
        }
        List<BatchBuilder> builders =
                Stream.generate(() -> newBatch(false)).limit(partitions).toList();
        try {
            KeyedBodyReader reader =
                    new KeyedBodyReader(scanner(body, format), builders, partitioner, keysOfTombstones, limits);
            return read(
                    () -> format == BodyFormat.JSON ? reader.document(query.offset()) : reader.lines(query.offset()),
                    e -> problem(e).with("index", reader.indexAtFault()),
                    format);
        } finally {
            builders.forEach(BatchBuilder::close);
        }
    }

    private JsonScanner scanner(InputStream body, BodyFormat format) {
        long bytes = body instanceof Decompression decompressed ? decompressed.expectedBytes() : -1;
        return new JsonScanner(body, bytes, limits.json(), format == BodyFormat.JSON ? Form.DOCUMENT : Form.LINES);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T read(Reading<T> reading, Function<MalformedJson, Problem> located, BodyFormat format) {
        try {
            return reading.read();
        } catch (MalformedJson e) {
            throw located.apply(e)
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
