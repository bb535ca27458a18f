package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.json.JsonScanner;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the body forms have in common. One use, one thread. */
abstract class BodyReader {

    protected final JsonScanner scanner;
    protected final BatchBuilder builder;
    protected final WriteQuery query;
    protected boolean betweenRecords;
    protected final Numbering numbering;
    private final LimitProperties limits;

    protected BodyReader(
            JsonScanner scanner, BatchBuilder builder, WriteQuery query, Numbering numbering, LimitProperties limits) {
        this.scanner = scanner;
        this.builder = builder;
        this.query = query;
        this.numbering = numbering;
        this.limits = limits;
    }

    /** Reads the body to its end. */
    abstract Batch read() throws IOException;

    /** Whether a failure now is about a record rather than what surrounds the records. */
    abstract boolean inRecords();

    /** Returns the offset of the first record, where it is known already and the others follow it. */
    abstract @Nullable Long denseOffset();

    /** Returns the index of the record that is being read, or that has just been read. */
    final long indexAtFault() {
        return betweenRecords ? builder.count() - 1 : builder.count();
    }

    /** Adds the value that was scanned last. */
    protected final void addScanned() {
        requireRoom();
        builder.add(scanner.buffer(), scanner.start(), scanner.length());
    }

    /** Adds it with an offset of its own, from the first offset of the batch on. */
    protected final void addScannedAt(long position) {
        requireRoom();
        builder.add(position, scanner.buffer(), scanner.start(), scanner.length());
    }

    protected final void requireRoom() {
        if (builder.count() >= limits.records()) {
            throw Problem.of(
                            ProblemType.TOO_LARGE,
                            "the batch has more than sluice.limits.records=" + limits.records()
                                    + " records; nothing was written. Send smaller batches")
                    .with("index", builder.count())
                    .exception();
        }
    }

    static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_BATCH, detail + "; nothing was written")
                .exception();
    }

    /** Refuses what would number records where they have no numbers. */
    protected static RuntimeException unnumbered(String found) {
        return malformed("this sink has workers, which keep no positions: a batch for them takes no offsets, but found "
                + found + ". Records are delivered at least once");
    }

    static RuntimeException offsetRequired(String how) {
        return Problem.of(
                        ProblemType.OFFSET_REQUIRED,
                        "the batch does not say where it begins; " + how
                                + ". GET the partition's snapshot for its nextOffset")
                .exception();
    }
}
