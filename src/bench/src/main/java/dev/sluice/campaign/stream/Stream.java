package dev.sluice.campaign.stream;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a writer knows of its partition: a register whose value lies between what was acknowledged and what was ever
 * sent. Used by its writer, and by the checker after that.
 */
public final class Stream {

    /** How far back its sink can be taken. */
    public enum Rewinds {
        /** It cannot. */
        NEVER,
        /** To any offset. */
        ANYWHERE,
        /** To where a snapshot was read. */
        TO_SNAPSHOTS,
        /** To any offset above what is delivered. */
        BEFORE_DELIVERY
    }

    private static final long CALM = -1;

    /* Those of an incarnation of the database begin far above all before, with so many for each second. */
    private static final long JUMP = 1L << 40;
    private static final long TOKENS_A_SECOND = 1L << 20;

    private final String sink;
    private final String partition;
    private final boolean recuts;
    private final Rewinds rewinds;
    private final long base;
    private final History history;
    private final Damage damage;
    private final Silence silence;
    private final boolean resets;
    /* By the offset from which on it holds. */
    private final NavigableMap<Long, Integer> editions = new TreeMap<>(Map.of(0L, 0));
    private int edition;
    private long acked;
    private long sent;
    private long everSent;
    private long token;
    private long opens;
    private long version;
    private long conflicts;
    private long acknowledged;
    private long floor = CALM;
    private boolean lossIsOver;
    private boolean certain;
    private long losses;
    private long lost;
    private long rewound;
    private long lowest;
    private long reset;

    /**
     * @param recuts whether a batch of unknown outcome may be sent again with other bounds; where the target goes by
     *     the key of a batch it may not
     * @param rewinds whether its writer takes it back now and then, and writes something else
     * @param resets whether an operator sets it forward now and then
     * @param base its first offset: where it is not 0, it advances to it first
     */
    public Stream(
            String sink,
            String partition,
            boolean recuts,
            Rewinds rewinds,
            boolean resets,
            long base,
            Damage damage,
            Silence silence,
            History history) {
        this.sink = sink;
        this.partition = partition;
        this.recuts = recuts;
        this.rewinds = rewinds;
        this.resets = resets;
        this.lowest = base;
        this.base = base;
        this.history = history;
        this.damage = damage;
        this.silence = silence;
    }

    Damage damage() {
        return damage;
    }

    Silence silence() {
        return silence;
    }

    boolean resets() {
        return resets;
    }

    /** Below it nothing may be sent again: there is what was given up. */
    long lowest() {
        return lowest;
    }

    /** Returns how often it was set forward. */
    public long reset() {
        return reset;
    }

    /** Whether so many opens may have given that token; the database may have become another one in between. */
    private static boolean given(long token, long opens) {
        return token < JUMP ? token <= opens : token % TOKENS_A_SECOND <= opens;
    }

    public String sink() {
        return sink;
    }

    /** The partition, which no other sink that is written to has: the name of the stream. */
    public String partition() {
        return partition;
    }

    String path() {
        return "/sinks/" + sink + "/partitions/" + partition;
    }

    public long base() {
        return base;
    }

    boolean recuts() {
        return recuts;
    }

    Rewinds rewinds() {
        return rewinds;
    }

    /** Returns the record that is to be at an offset, as JSON. */
    public synchronized String record(long offset) {
        return Records.record(partition, editions.floorEntry(offset).getValue(), offset);
    }

    /** Returns the records {@code [first, end)} as NDJSON; the one at {@code corrupt} differs in one byte. */
    byte[] ndjson(long first, long end, long corrupt) {
        return Records.lines(this::record, first, end, corrupt);
    }

    /** Every offset below it is acknowledged. */
    public long acked() {
        return acked;
    }

    /** No offset from here on was sent that may still be committed. */
    public long sent() {
        return sent;
    }

    /**
     * No offset from here on was ever sent. What was sent before an open and not committed by then is gone, but a sink
     * of a fan-out may have it.
     */
    public long everSent() {
        return everSent;
    }

    public long acknowledged() {
        return acknowledged;
    }

    public long conflicts() {
        return conflicts;
    }

    /**
     * From now on what is acknowledged may be lost again. What was acknowledged before may not: it is the floor of what an
     * answer may say.
     */
    public synchronized void mayLose() {
        if (floor == CALM) {
            floor = acked;
        }
        lossIsOver = false;
        certain = false;
    }

    /** What is acknowledged to a request that begins from now on stays. Its answer tells what was lost before. */
    public synchronized void losesNoMore() {
        lossIsOver = true;
    }

    /** Whether nothing that was acknowledged may be lost, nor have been lost without the writer knowing it. */
    synchronized boolean calm() {
        return floor == CALM;
    }

    /** Returns how often an answer told that acknowledged records are lost. */
    public long losses() {
        return losses;
    }

    /** Returns how many records that were. */
    public long lost() {
        return lost;
    }

    /** Learns from an answer that less is there than was acknowledged, where that may be. */
    private void reconcile(Answer answer) {
        long next = answer.number("expectedOffset", answer.number("nextOffset", Long.MAX_VALUE));
        if (floor != CALM && next >= floor && next < acked) {
            history.add(partition + " LOST " + next + "-" + acked);
            losses++;
            lost += acked - next;
            acked = next;
            version = 0;
        }
    }

    /** A request that began after the last loss was answered for certain. */
    private void settled(Answer answer) {
        if (certain && (answer.status() == 200 || answer.is("offset-gap"))) {
            floor = CALM;
            lossIsOver = false;
            certain = false;
        }
    }

    long token() {
        return token;
    }

    String tokenHeader() {
        return tokenHeader(token);
    }

    static String tokenHeader(long token) {
        return token == 0 ? "" : "Sluice-Fencing-Token: " + token + "\r\n";
    }

    /** Before a request with right records goes out. */
    synchronized long sending(long end) {
        long before = sent;
        sent = Math.max(sent, end);
        everSent = Math.max(everSent, end);
        certain = lossIsOver;
        return before;
    }

    /** Before an open goes out: its outcome may stay unknown. */
    synchronized void opening() {
        opens++;
    }

    /** An open was answered: from now on nothing of an older token may be committed. */
    synchronized void opened(Answer answer, long ackedBefore) {
        long given = answer.number("fencingToken", -1);
        long next = answer.number("nextOffset", -1);
        if (given <= token || !given(given, opens)) {
            wrong("open gave the token " + given + " after " + token + ", with " + opens + " opens sent", answer);
        }
        reconcile(answer);
        if (next < Math.min(acked, ackedBefore) || next > sent) {
            wrong("open says nextOffset " + next + ", acknowledged " + ackedBefore + ", sent " + sent, answer);
        }
        for (long child : answer.numbers("nextOffset").stream().skip(1).toList()) {
            if (child < next || child > everSent) {
                wrong(
                        "a sink of the fan-out stands at " + child + ", the fan-out at " + next + ", sent " + everSent,
                        answer);
            }
        }
        token = given;
        acked = Math.max(acked, next);
        sent = Math.max(acked, next);
    }

    /** An open was refused because the token is another one than {@code expected}. */
    synchronized void overtaken(long expected, Answer answer) {
        long current = answer.number("fencingToken", -1);
        if (current <= expected || !given(current, opens)) {
            wrong("the token is not " + expected + ", with " + opens + " opens sent", answer);
        }
    }

    /** An open with {@code resume} was answered: nothing is left from {@code to} on, and something else will come there. */
    synchronized void rewound(long to, Answer answer) {
        long given = answer.number("fencingToken", -1);
        long next = answer.number("nextOffset", -1);
        if (given <= token || !given(given, opens)) {
            wrong("open gave the token " + given + " after " + token + ", with " + opens + " opens sent", answer);
        }
        if (next != to) {
            wrong("was to be taken back to " + to, answer);
        }
        moved(answer);
        token = given;
        acked = to;
        sent = to;
        edition++;
        editions.tailMap(to, true).clear();
        editions.put(to, edition);
        rewound++;
    }

    /** It was set forward: what was not committed by then never will be, nor anything of an older token. */
    synchronized void reset(long to, Answer answer) {
        long given = answer.number("fencingToken", -1);
        long next = answer.number("nextOffset", -1);
        long from = answer.number("from", acked);
        if (given <= token || !given(given, opens)) {
            wrong("a reset gave the token " + given + " after " + token + ", with " + opens + " opens sent", answer);
        }
        if (next != to || from < acked || from > sent) {
            wrong("was to be set to " + to + ", acknowledged " + acked + ", sent " + sent, answer);
        }
        moved(answer);
        token = given;
        acked = to;
        sent = to;
        everSent = Math.max(everSent, to);
        lowest = to;
        reset++;
    }

    /** Returns how often it was taken back. */
    public long rewound() {
        return rewound;
    }

    /** An answer to a batch of right records, sent with the newest token that the writer knows. */
    synchronized void written(long first, long end, long ackedThen, long sentBefore, Answer answer) {
        reconcile(answer);
        long ackedBefore = floor == CALM ? ackedThen : Math.min(floor, ackedThen);
        judge(first, end, ackedBefore, sentBefore, answer);
        settled(answer);
    }

    private void judge(long first, long end, long ackedBefore, long sentBefore, Answer answer) {
        if (answer.status() == 200 || answer.status() == 202) {
            success(first, end, ackedBefore, sentBefore, answer);
        } else if (answer.status() == 412 && answer.is("fenced")) {
            long current = answer.number("fencingToken", -1);
            if (current <= token || !given(current, opens)) {
                wrong("fenced by " + current + ", own token " + token + ", opens sent " + opens, answer);
            }
        } else if (answer.is("unknown-fencing-token") && floor != CALM) {
            history.add(partition + " the token " + token + " is lost");
        } else if (answer.status() == 428 && answer.is("fencing-token-required")) {
            if (token > 0 || opens == 0) {
                wrong("a token is asked for, own token " + token + ", opens sent " + opens, answer);
            }
        } else if (answer.status() == 409 && answer.is("offset-gap")) {
            long expected = answer.number("expectedOffset", -1);
            if (first <= ackedBefore || expected >= first || expected < ackedBefore) {
                wrong("a gap before " + first + ", acknowledged " + ackedBefore, answer);
            }
        } else if (answer.is("record-rejected") && asksForSetAside()) {
            require(first, ackedBefore, answer);
        } else if (answer.is("record-rejected") && settlesAlone()) {
            requireSeveral(first, end, ackedBefore, answer);
        } else if (!answer.leavesOpen()) {
            wrong("right records [" + first + ", " + end + ") are refused", answer);
        }
    }

    /** Whether its sink stops at a record that the table refuses, until somebody has set it aside. */
    boolean asksForSetAside() {
        return sink.equals("stopped");
    }

    /** Whether its target settles a refused record that comes alone, and refuses a batch of several with one. */
    boolean settlesAlone() {
        return sink.equals("calls-letters");
    }

    /** Returns where a batch that was refused for one of its records ends next time: before that one, or behind it. */
    long cutOf(long first, long end) {
        long refused = first;
        while (refused < end && !Records.refused(record(refused))) {
            refused++;
        }
        return refused == first ? first + 1 : refused;
    }

    /* There is one, and not alone, if only beside what is there already; what is named is one of them. */
    private void requireSeveral(long first, long end, long ackedBefore, Answer answer) {
        long fresh = Math.max(first, ackedBefore);
        boolean named = answer.numbers("offset").stream()
                .allMatch(offset -> offset >= fresh && offset < end && Records.refused(record(offset)));
        boolean some = cutOf(fresh, end) < end || Records.refused(record(fresh));
        if (!named || !some || end - first < 2) {
            wrong("[" + first + ", " + end + ") is refused for a record that is right, or that came alone", answer);
        }
    }

    /* All that is refused is to be refused, and is new. */
    private void require(long first, long ackedBefore, Answer answer) {
        List<Long> offsets = answer.numbers("offset");
        if (offsets.isEmpty()
                || !offsets.stream()
                        .allMatch(
                                offset -> offset >= Math.max(first, ackedBefore) && Records.refused(record(offset)))) {
            wrong("records are refused that are right, or that were acknowledged", answer);
        }
    }

    /** Whether the next write has to be preceded by an open. */
    static boolean asksForOpen(Answer answer) {
        return answer.status() == 412 || answer.status() == 428;
    }

    private void success(long first, long end, long ackedBefore, long sentBefore, Answer answer) {
        long next = answer.number("nextOffset", -1);
        String status = answer.text("status");
        if (next < end || next > Math.max(sent, end)) {
            wrong("[" + first + ", " + end + ") succeeded with nextOffset " + next + ", sent " + sent, answer);
        }
        if (status.equals("committed") && first < ackedBefore) {
            wrong("[" + first + ", " + end + ") is committed though " + ackedBefore + " was acknowledged", answer);
        }
        if (status.equals("duplicate") && end > sentBefore) {
            wrong("[" + first + ", " + end + ") is a duplicate, though only " + sentBefore + " was ever sent", answer);
        }
        moved(answer);
        acknowledged += Math.max(0, end - Math.max(Math.max(first, acked), base));
        acked = Math.max(acked, next);
    }

    private void moved(Answer answer) {
        long told = answer.number("version", version);
        if (told < version && floor == CALM) {
            wrong("version went back from " + version, answer);
        }
        version = told;
    }

    /**
     * An answer to a batch of right records of a partition that takes them in any order.
     *
     * @param done whether all of it was acknowledged before
     * @param possible whether all of it was ever sent before
     * @param doneBefore below this everything was acknowledged
     * @param sentUntil below this everything was sent
     */
    synchronized void placed(
            long first, long end, boolean done, boolean possible, long doneBefore, long sentUntil, Answer answer) {
        if (answer.status() != 200) {
            if (!answer.leavesOpen()) {
                wrong("right records [" + first + ", " + end + ") are refused", answer);
            }
            return;
        }
        long next = answer.number("nextOffset", -1);
        if (next < doneBefore || next > sentUntil) {
            wrong("nextOffset is " + next + ", acknowledged " + doneBefore + ", sent " + sentUntil, answer);
        }
        boolean duplicate = answer.text("status").equals("duplicate");
        if (duplicate ? !possible : done) {
            wrong("[" + first + ", " + end + ") was sent before: " + possible + ", acknowledged: " + done, answer);
        }
        moved(answer);
    }

    /** What is acknowledged without a hole, and how many records that are acknowledged lie beyond it. */
    synchronized void placedUntil(long end, long records) {
        acked = end;
        acknowledged = records;
    }

    /** A read of the snapshot. */
    synchronized void read(long ackedBefore, Answer answer) {
        long next = answer.number("nextOffset", -1);
        if (answer.status() == 200 && (next < ackedBefore || next > sent)) {
            wrong("the snapshot says " + next + ", acknowledged " + ackedBefore + ", sent " + sent, answer);
        }
    }

    /** A batch whose records differ from what is committed. */
    synchronized void conflicting(long first, long end, long corrupt, Answer answer) {
        if (answer.status() == 422 && answer.is("offset-conflict")) {
            conflicts++;
        } else if (!answer.leavesOpen() && !mayBeReplaced(answer)) {
            wrong("[" + first + ", " + end + ") with another record " + corrupt + " is not a conflict", answer);
        }
    }

    /** A batch that must not succeed. */
    synchronized void refused(String why, int status, Answer answer) {
        if (answer.status() != status && !answer.leavesOpen() && !mayBeReplaced(answer)) {
            wrong(why, answer);
        }
    }

    /** Whether the answer is due to an open of this writer whose outcome it does not know. */
    private boolean mayBeReplaced(Answer answer) {
        return (given(token + 1, opens) && (answer.status() == 412 || (answer.status() == 428 && token == 0)))
                || (answer.is("fenced")
                        && answer.number("fencingToken", 0) >= JUMP
                        && answer.number("fencingToken", 0) > token);
    }

    /** A dry run: it says what would be, and nothing is. */
    synchronized void tried(Answer answer) {
        if (answer.status() / 100 == 2) {
            long next = answer.number("nextOffset", -1);
            history.add(partition + " dry run says " + next);
        }
    }

    void wrong(String what, Answer answer) {
        history.violation(sink + "/" + partition + ": " + what + ": " + answer.brief());
    }
}
