package dev.sluice.scenario.crash;

import java.util.Set;

/**
 * A point at which the service dies.
 *
 * @param at the sink that comes to the point: the subject or one of its targets
 * @param fresh whether nothing was ever written to the partition before
 */
record Crash(Subject subject, CrashPoint point, String at, boolean fresh) {

    private static final Set<CrashPoint> SENT_AND_NOT_KNOWN =
            Set.of(CrashPoint.AFTER_SEND, CrashPoint.BEFORE_COMMIT_OF_WHAT_WAS_SENT);
    private static final Set<CrashPoint> OF_REWIND =
            Set.of(CrashPoint.BEFORE_COMMIT_OF_REWIND, CrashPoint.AFTER_COMMIT_OF_REWIND);

    private static final Set<CrashPoint> OF_REPLAY = Set.of(
            CrashPoint.BEFORE_COMMIT_OF_SENDING,
            CrashPoint.BEFORE_LATE_SEND,
            CrashPoint.AFTER_LATE_SEND,
            CrashPoint.BEFORE_COMMIT_OF_REPLAY,
            CrashPoint.AFTER_COMMIT_OF_REPLAY);
    private static final Set<CrashPoint> OF_DISCARD =
            Set.of(CrashPoint.BEFORE_COMMIT_OF_DISCARD, CrashPoint.AFTER_COMMIT_OF_DISCARD);
    private static final Set<CrashPoint> OF_EDIT =
            Set.of(CrashPoint.BEFORE_COMMIT_OF_EDIT, CrashPoint.AFTER_COMMIT_OF_EDIT);
    private static final Set<CrashPoint> OF_TASK =
            Set.of(CrashPoint.BEFORE_COMMIT_OF_LOT, CrashPoint.AFTER_COMMIT_OF_LOT);

    static Crash of(Subject subject, CrashPoint point) {
        return new Crash(subject, point, subject.sink(), false);
    }

    static Crash fresh(Subject subject, CrashPoint point) {
        return new Crash(subject, point, subject.sink(), true);
    }

    static Crash within(Subject subject, String target, CrashPoint point) {
        return new Crash(subject, point, target, false);
    }

    /** The line that arms the agent. */
    String line(String partition) {
        // Between its first two lots a task has something behind it, and something to go on with.
        int nth = point == CrashPoint.BEFORE_COMMIT_OF_LOT ? 2 : 1;
        return point + " " + nth + " "
                + switch (point) {
                    case BEFORE_FSYNC_OF_DIRECTORY, AFTER_FSYNC_OF_DIRECTORY -> "/" + at;
                    case BEFORE_HAND_OVER, AFTER_HAND_OVER -> "[" + at + ", " + partition;
                    case BEFORE_COMMIT_OF_INTENT -> partition + "=Intent[";
                    case BEFORE_CHILD, AFTER_CHILD -> " " + at + " " + partition;
                    case BEFORE_LATE_SEND, AFTER_LATE_SEND -> "[" + at + ", " + partition;
                    case AFTER_COMMIT_OF_REPLAY, AFTER_COMMIT_OF_DISCARD, AFTER_COMMIT_OF_EDIT ->
                        "sink=" + at + ", partition=" + partition;
                    case BEFORE_COMMIT_OF_EDIT -> "action=dead-letter-edit, sink=" + at + ", partition=" + partition;
                    case BEFORE_COMMIT_OF_LOT -> ", " + partition + ", ";
                    case AFTER_COMMIT_OF_LOT ->
                        "sink=" + at + ", filter=LetterFilter[state=OPEN, partition=" + partition;
                    default -> at + "/" + partition;
                };
    }

    boolean ofReplay() {
        return OF_REPLAY.contains(point);
    }

    boolean ofDiscard() {
        return OF_DISCARD.contains(point);
    }

    boolean ofEdit() {
        return OF_EDIT.contains(point);
    }

    boolean ofTask() {
        return OF_TASK.contains(point);
    }

    /** Whether somebody does something about a dead letter as the service dies. */
    boolean ofAct() {
        return ofReplay() || ofDiscard() || ofEdit();
    }

    boolean ofRewind() {
        return OF_REWIND.contains(point);
    }

    /** Whether a target that ignores keys gets a batch again, for nobody knows whether it has it. */
    boolean repeatsAt(String target) {
        return target.endsWith("careless") && target.equals(at) && SENT_AND_NOT_KNOWN.contains(point);
    }

    /** Whether that depends on how far the delivery has come meanwhile. */
    boolean mayRepeatAt(String target) {
        return repeatsAt(target)
                || (target.endsWith("careless") && subject.buffers() && point == CrashPoint.AFTER_COMMIT);
    }

    @Override
    public String toString() {
        return at + (fresh ? " (fresh) " : " ") + point;
    }
}
