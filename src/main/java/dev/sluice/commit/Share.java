package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import dev.sluice.snapshot.PartitionKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one partition brings into a round. Its lane takes part in no other round until the share has {@link #end ended}.
 *
 * @param batches in the order of their first offsets
 * @param ended whether the lane goes on already; the same for all parts of a share
 */
record Share(PartitionKey key, List<BatchEntry> batches, Lane lane, AtomicBoolean ended) {

    Share(PartitionKey key, List<BatchEntry> batches, Lane lane) {
        this(key, batches, lane, new AtomicBoolean());
    }

    /** Returns the same share with nothing but one of its batches: the others are answered, or given back. */
    Share only(BatchEntry batch) {
        return new Share(key, List.of(batch), lane, ended);
    }

    /** Tells the writers of the first batches, except those whose batch may wait for its predecessor. */
    void answer(List<WriteOutcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            answer(batches.get(i), outcomes.get(i));
        }
    }

    private void answer(BatchEntry batch, WriteOutcome outcome) {
        WriteOutcome answer = lane.answerOrPark(batch, outcome);
        if (answer == null) {
            return;
        }
        batch.answer(answer);
        Obstacle obstacle = Obstacle.of(batch, answer);
        if (obstacle != null && obstacle.isAhead(answer)) {
            lane.refused(obstacle);
        } else if (answer instanceof Written written) {
            lane.reached(written.nextOffset());
        }
    }

    /** Tells the writers that there is no answer. */
    void fail(PartitionFailure failure) {
        batches.forEach(batch -> batch.fail(failure));
    }

    /** Gives the batches from the n-th on back to the lane; they come first in its next share. */
    void giveBack(int from) {
        lane.putBack(batches.subList(from, batches.size()));
    }

    /** Gives all back and ends: they are committed without other partitions, at most so many of them together. */
    void goOnApart(int together) {
        batches.forEach(batch -> batch.setApart(together));
        giveBack(0);
        end();
    }

    /** Returns what a thread works on that has this share. */
    Work work() {
        Trace trace = batches.size() == 1 ? batches.get(0).request().trace() : null;
        return Work.of(trace, key.sink(), key.partition());
    }

    /** Lets the lane go on. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            lane.ended(batches);
        }
    }
}
