package dev.sluice.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.HeuristicCompletionException;
import org.springframework.util.unit.DataSize;

class FailureClassifierTests {

    private static RuntimeException sql(String state) {
        return new UncategorizedSQLException("test", "select", new SQLException("no", state));
    }

    private static RuntimeException unknown(String state) {
        return new HeuristicCompletionException(
                HeuristicCompletionException.STATE_UNKNOWN, new SQLException("no", state));
    }

    @ParameterizedTest
    @CsvSource({
        // state, kind, a record's fault, may be one batch, passes on repetition
        "08006, STORAGE_UNAVAILABLE, false, false, false",
        "57P01, STORAGE_UNAVAILABLE, false, false, false",
        "53100, STORAGE_UNAVAILABLE, false, false, false",
        "25006, STORAGE_UNAVAILABLE, false, false, false",
        "57014, STORAGE_UNAVAILABLE, false, false, false",
        "55P03, BUSY, false, false, false",
        "40001, STORAGE_UNAVAILABLE, false, true, true",
        "40P01, STORAGE_UNAVAILABLE, false, true, true",
        "23505, STORAGE_UNAVAILABLE, true, true, false",
        "54000, STORAGE_UNAVAILABLE, true, true, false",
        "U0001, STORAGE_UNAVAILABLE, true, true, false",
    })
    void goesByTheSqlState(String state, Kind kind, boolean rejection, boolean oneBatch, boolean repeats) {
        assertThat(FailureClassifier.classify(sql(state)).kind()).isEqualTo(kind);
        assertThat(FailureClassifier.isRejection(sql(state))).isEqualTo(rejection);
        assertThat(FailureClassifier.mayBeOneBatch(sql(state))).isEqualTo(oneBatch);
        assertThat(FailureClassifier.passesOnRepetition(sql(state))).isEqualTo(repeats);
    }

    @ParameterizedTest
    @CsvSource({"40003", "40001", "23505", "08006"})
    void neverGuessesWhatBecameOfACommit(String state) {
        assertThat(FailureClassifier.classify(unknown(state)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(FailureClassifier.isRejection(unknown(state))).isFalse();
        assertThat(FailureClassifier.mayBeOneBatch(unknown(state))).isFalse();
        assertThat(FailureClassifier.passesOnRepetition(unknown(state))).isFalse();
    }

    @Test
    void blamesTheDatabaseWhereNoConnectionIsToBeHad() {
        RuntimeException none = new CannotCreateTransactionException("no", new SQLException("away"));
        assertThat(FailureClassifier.classify(none).kind()).isEqualTo(Kind.STORAGE_UNAVAILABLE);
        assertThat(FailureClassifier.mayBeOneBatch(none)).isFalse();
    }

    @Test
    void takesASinkAtItsWord() {
        SinkException gone = new SinkException(Disposition.UNAVAILABLE, "gone", null);
        assertThat(FailureClassifier.classify(gone).kind()).isEqualTo(Kind.TARGET_UNAVAILABLE);
        assertThat(FailureClassifier.isRejection(gone)).isFalse();
        SinkException refusal = SinkException.rejected("not this", null);
        assertThat(FailureClassifier.isRejection(refusal)).isTrue();
        assertThatThrownBy(() -> FailureClassifier.classify(refusal)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void blamesNoBatchForWhatKeepsAllFromBeingCommitted() {
        PartitionFailure overloaded = new PartitionFailure(Kind.OVERLOADED, "no permit", null);
        assertThat(FailureClassifier.mayBeOneBatch(overloaded)).isFalse();
    }

    @Test
    void leavesWhatIsClassifiedAsItIs() {
        PartitionFailure failure = FailureClassifier.classify(new IllegalStateException());
        assertThat(failure.kind()).isEqualTo(Kind.INTERNAL);
        assertThat(FailureClassifier.classify(failure)).isSameAs(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, max-waiting",
        "1, 0, 1, 1, 1, 1, 1, 1, 1, 2, 1, max-waiting-bytes",
        "1, 1, -1, 1, 1, 1, 1, 1, 1, 2, 1, max-parked",
        "1, 1, 0, 0, 1, 1, 1, 1, 1, 2, 1, max-wait",
        "1, 1, 0, 1, 0, 1, 1, 1, 1, 2, 1, group-records",
        "1, 1, 0, 1, 1, 0, 1, 1, 1, 2, 1, group-bytes",
        "1, 1, 0, 1, 1, 1, 0, 1, 1, 2, 1, joint-bytes",
        "1, 1, 0, 1, 1, 1, 1, 0, 1, 2, 1, joint-groups",
        "1, 1, 0, 1, 1, 1, 1, 1, 0, 2, 1, sends",
        "1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, concurrent-commits",
        "1, 1, 0, 1, 1, 1, 1, 1, 1, 2, 0, recheck"
    })
    void refusesLanesThatCannotMove(
            int waiting,
            int waitingBytes,
            int parked,
            int wait,
            int records,
            int bytes,
            int jointBytes,
            int joint,
            int sends,
            int commits,
            int recheck,
            String setting) {
        assertThatThrownBy(() -> new LaneProperties(
                        waiting,
                        DataSize.ofBytes(waitingBytes),
                        parked,
                        Duration.ofMillis(wait),
                        records,
                        DataSize.ofBytes(bytes),
                        DataSize.ofBytes(jointBytes),
                        joint,
                        sends,
                        commits,
                        Duration.ofMillis(recheck)))
                .hasMessageContaining("sluice.lanes." + setting + " must be");
    }
}
