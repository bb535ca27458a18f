package dev.sluice.scenario.crash;

import static dev.sluice.scenario.crash.CrashPoint.Edge.AFTER;
import static dev.sluice.scenario.crash.CrashPoint.Edge.BEFORE;

/** Places in the shipped code where a process can be made to die: the edge of a method. */
enum CrashPoint {
    BEFORE_COMMIT("dev.sluice.commit.Round", "run", AFTER),
    AFTER_COMMIT("dev.sluice.commit.Member", "committed", BEFORE),
    BEFORE_COMMIT_OF_INITIAL_STATE("dev.sluice.snapshot.SnapshotStore", "keepInitialState", AFTER),
    BEFORE_COMMIT_OF_REWIND("dev.sluice.partition.Opening", "opened", AFTER),
    AFTER_COMMIT_OF_REWIND("dev.sluice.partition.Opening", "rebuild", BEFORE),

    BEFORE_BLOCK_IS_WRITTEN("dev.sluice.file.AppendFile$Out", "write", BEFORE),
    AFTER_BLOCK_IS_WRITTEN("dev.sluice.file.AppendFile$Out", "write", AFTER),
    BEFORE_FSYNC("dev.sluice.file.AppendFile", "force", BEFORE),
    AFTER_FSYNC("dev.sluice.file.AppendFile", "force", AFTER),
    BEFORE_FSYNC_OF_DIRECTORY("dev.sluice.file.SinkDirectory", "force", BEFORE),
    AFTER_FSYNC_OF_DIRECTORY("dev.sluice.file.SinkDirectory", "force", AFTER),

    BEFORE_SEND("dev.sluice.http.HttpSinkPartition", "sendAsync", BEFORE),
    AFTER_SEND("dev.sluice.commit.Recorder", "record", BEFORE),
    BEFORE_COMMIT_OF_WHAT_WAS_SENT("dev.sluice.commit.Recording$Attempt", "run", AFTER),
    AFTER_COMMIT_OF_WHAT_WAS_SENT("dev.sluice.commit.Recorder", "tell", BEFORE),

    BEFORE_COMMIT_OF_INTENT("dev.sluice.delivery.ParcelStore", "intend", AFTER),
    AFTER_COMMIT_OF_INTENT("dev.sluice.delivery.Delivery", "handOn", BEFORE),
    BEFORE_HAND_OVER("dev.sluice.partition.HandingOn", "begin", BEFORE),
    AFTER_HAND_OVER("dev.sluice.partition.HandingOn", "brought", BEFORE),
    BEFORE_COMMIT_OF_CURSOR("dev.sluice.delivery.Delivery", "recordAll", AFTER),
    AFTER_COMMIT_OF_CURSOR("dev.sluice.delivery.Delivery", "record", AFTER),

    BEFORE_COMMIT_OF_DEAD_LETTERS("dev.sluice.commit.Round", "settle", AFTER),
    BEFORE_COMMIT_OF_SENDING("dev.sluice.resolution.LetterRows", "send", AFTER),
    BEFORE_LATE_SEND("dev.sluice.http.HttpSink", "sendLate", BEFORE),
    AFTER_LATE_SEND("dev.sluice.http.HttpSink", "sendLate", AFTER),
    BEFORE_COMMIT_OF_REPLAY("dev.sluice.resolution.LetterTrail", "tell", AFTER),
    AFTER_COMMIT_OF_REPLAY("dev.sluice.resolution.LetterActs", "settled", BEFORE),
    BEFORE_COMMIT_OF_DISCARD("dev.sluice.resolution.LetterTrail", "tell", AFTER),
    AFTER_COMMIT_OF_DISCARD("dev.sluice.resolution.LetterActs", "settled", BEFORE),
    BEFORE_COMMIT_OF_EDIT("dev.sluice.audit.AuditTrail", "add", AFTER),
    AFTER_COMMIT_OF_EDIT("dev.sluice.resolution.LetterActs", "answer", BEFORE),
    BEFORE_COMMIT_OF_LOT("dev.sluice.resolution.TaskStore", "advance", AFTER),
    AFTER_COMMIT_OF_LOT("dev.sluice.resolution.Tasks", "step", AFTER),

    BEFORE_CHILD("dev.sluice.delivery.FanoutChild", "begin", BEFORE),
    AFTER_CHILD("dev.sluice.delivery.FanoutChild", "arrived", BEFORE);

    /** Where a method is left is only where it returns, not where it throws. */
    enum Edge {
        BEFORE,
        AFTER
    }

    final String type;
    final String method;
    final Edge edge;

    CrashPoint(String type, String method, Edge edge) {
        this.type = type;
        this.method = method;
        this.edge = edge;
    }
}
