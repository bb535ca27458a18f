package dev.sluice.delivery;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.DoubtfulWriteException;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.LateSink;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.PartialFailureException.Child;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TooLargeException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A smaller intent in place of one that the target has refused.
 *
 * @param end of the smaller one
 * @param limit how many records are handed on from now on; null where it is not their number that was refused
 */
record Cut(long end, @Nullable Integer limit) {

    private static final String QUERY_CANCELED = "57014";

    /** Returns the smaller intent, empty if a smaller one cannot help or could double records. */
    static Optional<Cut> of(SinkException refusal, List<SinkRecord> records, Intent intent, Target target) {
        boolean known = goesByOffsets(target) || recognises(refusal, target);
        boolean safe = known ? knownToHaveDoneNothing(refusal) : sureOf(refusal, intent);
        if (!safe || records.size() < 2) {
            return Optional.empty();
        }
        if (tooMuch(refusal, target)) {
            int half = records.size() / 2;
            return Optional.of(new Cut(records.get(half).offset(), half));
        }
        return refusal.disposition() == Disposition.REJECTED && !(refusal instanceof PartialFailureException)
                ? beforeTheRefusedOne(refusal, records, target)
                : Optional.empty();
    }

    private static boolean sureOf(SinkException refusal, Intent intent) {
        return intent.untouched() && knownToHaveDoneNothing(refusal);
    }

    /* One that settles honours keys: what an earlier try had brought it would have recognised, not refused. */
    private static boolean recognises(SinkException refusal, Target target) {
        return target.settles() && refusal.disposition() == Disposition.REJECTED;
    }

    /* Its own position tells what is new, however the records are cut; another may know them by the bounds only. */
    private static boolean goesByOffsets(Target target) {
        return target.guarantee() == Guarantee.EXACTLY_ONCE || target.sink().transactional();
    }

    /** Whether nothing of what was refused can have reached the target. */
    static boolean knownToHaveDoneNothing(SinkException refusal) {
        if (refusal instanceof PartialFailureException partial) {
            return partial.children().stream()
                    .map(Child::failure)
                    .filter(Objects::nonNull)
                    .allMatch(Cut::knownToHaveDoneNothing);
        }
        return refusal.disposition() != Disposition.OUTCOME_UNKNOWN && !(refusal instanceof DoubtfulWriteException);
    }

    private static boolean tooMuch(SinkException refusal, Target target) {
        if (refusal instanceof PartialFailureException partial) {
            return partial.children().stream()
                    .map(Child::failure)
                    .anyMatch(failure -> failure instanceof TooLargeException);
        }
        return refusal instanceof TooLargeException
                || (target.sink().transactional() && causes(refusal).anyMatch(Cut::tookTooLong));
    }

    private static boolean tookTooLong(Throwable cause) {
        return cause instanceof SQLException sql && QUERY_CANCELED.equals(sql.getSQLState());
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static Optional<Cut> beforeTheRefusedOne(SinkException refusal, List<SinkRecord> records, Target target) {
        if (refusal.rejected().isEmpty()) {
            return Optional.of(new Cut(records.get(records.size() / 2).offset(), null));
        }
        long refused = refusal.rejected().stream()
                .mapToLong(record -> record.offset())
                .min()
                .orElseThrow();
        if (records.stream().anyMatch(record -> record.offset() < refused)) {
            return Optional.of(new Cut(refused, null));
        }
        // Alone it can be settled, and does not keep those behind it.
        return target.sink() instanceof LateSink
                ? Optional.of(new Cut(records.get(1).offset(), null))
                : Optional.empty();
    }
}
