package dev.sluice.campaign.stream;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Feeds one partition through any of the services, as writers do and as they should not. */
public final class Writer extends PartitionWriter {

    /** A position to resume from, and the body that asks for it. */
    private record Point(long offset, String resume) {}

    private static final int MOST_POINTS = 30;

    private final Http other;
    private long pendingFirst = -1;
    private long pendingEnd;
    private long staleToken = -1;
    // Where it was to be taken back to, as long as nobody has said that it was.
    private Point rewinding;
    // One that comes too late must not take back what was acknowledged since.
    private long expectedToken;
    // Where it is to be set forward to, as long as nobody has said that it was.
    private long resetting = -1;
    private final TreeMap<Long, Point> points = new TreeMap<>();
    // Where the batches were cut that were sent: a target that goes by their keys wants them again as they were.
    private final Map<Long, Long> cuts = new HashMap<>();

    public Writer(Stream stream, Services services, int restMillis, long seed, History history, AtomicBoolean stop) {
        super(stream, services, restMillis, seed, history, stop);
        this.other = new Http(8_000, services.key());
    }

    @Override
    public boolean settle(long seconds) {
        long deadline = System.nanoTime() + seconds * 1_000_000_000;
        boolean done = false;
        while (stream.acked() < stream.base() && System.nanoTime() < deadline) {
            advance();
        }
        while (rewinding != null && System.nanoTime() < deadline) {
            rewind(rewinding);
        }
        while (resetting >= 0 && System.nanoTime() < deadline) {
            reset();
        }
        while (!done && System.nanoTime() < deadline) {
            long end = Math.max(stream.sent(), stream.acked() + 1);
            boolean asItWas = pendingFirst >= 0 && !stream.recuts();
            long first = asItWas ? pendingFirst : stream.acked();
            write(first, asItWas ? pendingEnd : cut(first, Math.min(end, first + 5_000)), "");
            done = stream.acked() >= end;
        }
        return done;
    }

    /** A stream that begins elsewhere than at 0 says so first. */
    private void advance() {
        long sentBefore = stream.sending(stream.base());
        int port = port();
        Answer answer = http.post(
                port,
                stream.path(),
                "Content-Type: application/json\r\n" + stream.tokenHeader(),
                ("{\"first\":0,\"end\":" + stream.base() + ",\"offsets\":[],\"records\":[]}").getBytes());
        note("advance", 0, stream.base(), port, answer);
        stream.written(0, stream.base(), 0, sentBefore, answer);
        if (answer.status() != 200) {
            LockSupport.parkNanos(100_000_000);
        }
    }

    @Override
    void step() {
        if (stream.acked() < stream.base()) {
            advance();
            return;
        }
        if (rewinding != null) {
            rewind(rewinding);
            return;
        }
        if (resetting >= 0) {
            reset();
            return;
        }
        if (pendingFirst >= 0) {
            if (random.nextInt(20) > 0) {
                again();
            } else {
                rewind();
            }
            return;
        }
        long acked = stream.acked();
        if (!stream.calm()) {
            // What may have been lost is written again, and nothing else is tried meanwhile.
            write(acked, acked + size(), "");
            return;
        }
        switch (random.nextInt(45)) {
            case 0 -> open();
            case 1 -> raceOpen();
            case 2 -> zombie();
            case 3, 4 -> conflict();
            case 5 -> ahead();
            case 6, 7 -> abort();
            case 8 -> twin();
            case 9, 40, 41 -> snapshot();
            case 10 -> dryRun();
            case 42, 43 -> rewind();
            case 44 -> giveUp();
            case 11, 12 -> write(below(acked - 1 - random.nextInt(300)), acked, "");
            case 13, 14 -> write(below(acked - random.nextInt(200)), acked + size(), "");
            default -> write(acked, acked + size(), "");
        }
    }

    /** Returns where the batch ended that began here, if its bounds matter. */
    private long cut(long first, long otherwise) {
        return stream.recuts() ? otherwise : cuts.getOrDefault(first, otherwise);
    }

    private long below(long offset) {
        return Math.max(stream.lowest(), offset);
    }

    private int size() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> 1 + random.nextInt(3);
            case 4 -> 1_000 + random.nextInt(3_000);
            default -> 1 + random.nextInt(250);
        };
    }

    /** The same once more, or cut in another way. */
    private void again() {
        LockSupport.parkNanos(1_000_000L * random.nextInt(200));
        if (!stream.recuts() || random.nextBoolean()) {
            write(pendingFirst, pendingEnd, "");
        } else {
            long first = below(stream.acked() - random.nextInt(20));
            write(first, Math.max(first + 1, stream.acked() + 1 + random.nextInt(300)), "");
        }
    }

    private void write(long first, long wanted, String query) {
        if (wanted <= first) {
            return;
        }
        long acked = stream.acked();
        long fresh = Math.max(first, acked);
        // A database that came back from a backup may ask once more for what has had its bounds for long.
        long end = fresh < wanted ? cut(fresh, wanted) : wanted;
        long sentBefore = sending(first, end);
        int port = port();
        long start = System.nanoTime();
        Answer answer = http.post(
                port,
                stream.path() + "?offset=" + first + query,
                NDJSON + stream.tokenHeader() + (random.nextInt(5) == 0 ? "Prefer: wait=2\r\n" : ""),
                stream.ndjson(first, end, -1));
        note("write", first, end, port, answer);
        requireRefused(start, answer);
        stream.written(first, end, acked, sentBefore, answer);
        boolean stopped = answer.is("record-rejected") && stream.asksForSetAside();
        boolean again = answer.leavesOpen() || Stream.asksForOpen(answer) || stopped;
        pendingFirst = again ? first : -1;
        pendingEnd = end;
        if (answer.is("record-rejected") && stream.settlesAlone()) {
            // Nothing of it was taken, nor will be: the target refuses it whenever it comes.
            cuts.put(fresh, stream.cutOf(fresh, end));
        }
        if (Stream.asksForOpen(answer)) {
            open();
        }
        if (stopped) {
            setAside(answer.numbers("offset"));
        }
        if (again && answer.status() == 0) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    /* As an operator does who was called, record by record. */
    private void setAside(List<Long> offsets) {
        for (long offset : offsets) {
            int port = port();
            Answer answer = http.post(
                    port,
                    stream.path() + "/set-aside",
                    "Content-Type: application/json\r\n",
                    ("{\"offset\":" + offset + ",\"reason\":\"campaign\"}").getBytes());
            note("set aside", offset, offset + 1, port, answer);
            // Somebody may have set it aside for an earlier try, whose answer never came.
            if (answer.status() != 200 && !answer.leavesOpen() && !answer.is("dead-letter-changed")) {
                stream.wrong("offset " + offset + " cannot be set aside", answer);
            }
        }
    }

    private long sending(long first, long end) {
        // What is settled already does not go out again.
        long fresh = Math.max(first, stream.acked());
        if (!stream.recuts() && fresh < end) {
            cuts.put(fresh, end);
        }
        return stream.sending(end);
    }

    private void open() {
        long acked = stream.acked();
        long before = stream.token();
        stream.opening();
        int port = port();
        Answer answer = postOpen(port, "");
        note("open", 0, 0, port, answer);
        if (answer.status() == 200) {
            stream.opened(answer, acked);
            staleToken = before;
        } else if (!answer.leavesOpen()) {
            stream.wrong("open is refused", answer);
        }
    }

    private Answer postOpen(int port, String moreMembers) {
        return http.post(
                port,
                stream.path() + "/open",
                "Content-Type: application/json\r\n",
                ("{\"owner\":\"campaign\"" + moreMembers + "}").getBytes());
    }

    /** A batch under the old token races with an open: what it commits, the open must have seen. */
    private void raceOpen() {
        if (!stream.recuts()) {
            return;
        }
        long first = stream.acked();
        long end = first + size();
        long sentBefore = stream.sending(end);
        String token = stream.tokenHeader();
        int port = port();
        byte[] body = stream.ndjson(first, end, -1);
        CompletableFuture<Answer> racing = CompletableFuture.supplyAsync(
                () -> other.post(port, stream.path() + "?offset=" + first, NDJSON + token, body));
        long tokenBefore = stream.token();
        open();
        Answer answer = racing.join();
        note("race", first, end, port, answer);
        if (answer.status() == 200 && stream.token() > tokenBefore && stream.acked() < end && stream.calm()) {
            stream.wrong("an old token committed [" + first + ", " + end + ") after the open", answer);
        } else if (answer.status() == 200) {
            stream.written(first, end, first, sentBefore, answer);
        }
    }

    /** A writer that was replaced goes on writing. */
    private void zombie() {
        if (staleToken < 0 || staleToken >= stream.token()) {
            return;
        }
        long first = stream.acked();
        int port = port();
        Answer answer = http.post(
                port,
                stream.path() + "?offset=" + first,
                NDJSON + Stream.tokenHeader(staleToken),
                stream.ndjson(first, first + 3, -1));
        note("zombie", first, first + 3, port, answer);
        // A writer without a token is told to get one.
        stream.refused("an old token is not refused", staleToken == 0 ? 428 : 412, answer);
    }

    private void conflict() {
        long acked = stream.acked();
        if (acked == stream.lowest()) {
            return;
        }
        long corrupt = below(acked - 1 - random.nextInt(400));
        long first = below(corrupt - random.nextInt(10));
        long end = Math.max(corrupt + 1, acked - random.nextInt(5) + random.nextInt(30));
        int port = port();
        Answer answer = http.post(
                port,
                stream.path() + "?offset=" + first,
                NDJSON + stream.tokenHeader(),
                stream.ndjson(first, end, corrupt));
        note("conflict", first, end, port, answer);
        stream.conflicting(first, end, corrupt, answer);
    }

    private void ahead() {
        long first = stream.sent() + 1 + random.nextInt(50);
        int port = port();
        Answer answer = http.post(
                port,
                stream.path() + "?offset=" + first,
                NDJSON + stream.tokenHeader(),
                stream.ndjson(first, first + 2, -1));
        note("ahead", first, first + 2, port, answer);
        stream.refused("a gap is not refused", 409, answer);
    }

    private void abort() {
        long first = stream.acked();
        byte[] body = stream.ndjson(first, first + 1 + random.nextInt(300), -1);
        int port = port();
        history.add(stream.partition() + " abort at " + first + " " + port);
        http.abort(port, stream.path() + "?offset=" + first, NDJSON + stream.tokenHeader(), body, cut(body));
    }

    /** Returns where a body ends too early, every other time between two records. */
    private int cut(byte[] body) {
        int cut = random.nextInt(body.length);
        return random.nextBoolean() ? cut : endOfLine(body, cut);
    }

    private static int endOfLine(byte[] body, int from) {
        int at = from;
        while (at > 0 && body[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** Two who share an identity send the same. */
    private void twin() {
        long first = stream.acked();
        long end = cut(first, first + size());
        long sentBefore = sending(first, end);
        byte[] body = stream.ndjson(first, end, -1);
        String headers = NDJSON + stream.tokenHeader();
        String path = stream.path() + "?offset=" + first;
        int second = port();
        CompletableFuture<Answer> twin = CompletableFuture.supplyAsync(() -> other.post(second, path, headers, body));
        int port = port();
        Answer answer = http.post(port, path, headers, body);
        Answer theirs = twin.join();
        note("twin", first, end, port, answer);
        note("twin", first, end, second, theirs);
        if (answer.text("status").equals("committed") && theirs.text("status").equals("committed") && stream.calm()) {
            stream.wrong("[" + first + ", " + end + ") was committed twice", theirs);
        }
        // Each may be a duplicate of the other.
        java.util.stream.Stream.of(answer, theirs)
                .sorted(Comparator.comparingLong(each -> each.number("version", 0)))
                .forEach(each -> stream.written(first, end, first, Math.max(end, sentBefore), each));
        pendingFirst = stream.acked() >= end ? -1 : first;
        pendingEnd = end;
    }

    private void snapshot() {
        long acked = stream.acked();
        int port = port();
        Answer answer = http.get(port, stream.path() + "/snapshot");
        note("snapshot", 0, 0, port, answer);
        stream.read(acked, answer);
        long next = answer.number("nextOffset", -1);
        if (answer.status() == 200 && next >= stream.base()) {
            points.put(next, new Point(next, answer.body()));
            if (points.size() > MOST_POINTS) {
                points.pollFirstEntry();
            }
        }
    }

    /** Takes back what was acknowledged, to write something else in its place. */
    private void rewind() {
        long acked = stream.acked();
        Point to = switch (stream.rewinds()) {
            case NEVER -> null;
            case TO_SNAPSHOTS ->
                Optional.ofNullable(points.floorEntry(acked - random.nextInt(500)))
                        .map(Map.Entry::getValue)
                        .orElse(null);
            case ANYWHERE, BEFORE_DELIVERY -> {
                long offset = below(acked - random.nextInt(500));
                yield new Point(offset, "{\"nextOffset\":" + offset + "}");
            }
        };
        if (to != null && acked > stream.lowest()) {
            expectedToken = stream.token();
            rewind(to);
        }
    }

    private void rewind(Point to) {
        long before = stream.token();
        stream.opening();
        int port = port();
        Answer answer = postOpen(port, ",\"ifFencingToken\":" + expectedToken + ",\"resume\":" + to.resume());
        note("rewind", to.offset(), stream.acked(), port, answer);
        rewinding = answer.leavesOpen() || answer.is("fenced") ? to : null;
        if (answer.is("fenced")) {
            // An earlier try, or an open whose answer never came.
            stream.overtaken(expectedToken, answer);
            expectedToken = answer.number("fencingToken", expectedToken);
        } else if (answer.status() == 200) {
            stream.rewound(to.offset(), answer);
            staleToken = before;
            pendingFirst = -1;
            points.tailMap(to.offset(), false).clear();
        } else if (!answer.leavesOpen()
                && !(answer.is("not-rewindable") && stream.rewinds() == Stream.Rewinds.BEFORE_DELIVERY)) {
            stream.wrong("cannot be taken back to " + to.offset(), answer);
        }
        if (answer.leavesOpen()) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** An operator gives up what comes next, and some more, in the midst of everything. */
    private void giveUp() {
        if (stream.resets()) {
            resetting = stream.sent() + 1 + random.nextInt(40);
            reset();
        }
    }

    /* At the version that was looked at: a try that comes late would take back what was acknowledged since. */
    private void reset() {
        int port = port();
        Answer looked = http.get(port, stream.path() + "/snapshot");
        note("look", 0, 0, port, looked);
        if (looked.status() != 200) {
            LockSupport.parkNanos(50_000_000);
            return;
        }
        if (looked.number("nextOffset", -1) >= resetting) {
            reset(looked);
            return;
        }
        stream.opening();
        Answer answer = http.post(
                port,
                stream.path() + "/reset",
                "Content-Type: application/json\r\n",
                ("{\"nextOffset\":" + resetting + ",\"reason\":\"campaign\",\"ifVersion\":"
                                + looked.number("version", -1) + "}")
                        .getBytes());
        note("reset", 0, resetting, port, answer);
        if (answer.status() == 200) {
            reset(answer);
        } else if (!answer.leavesOpen() && !answer.is("version-conflict") && !answer.is("fenced")) {
            stream.wrong("cannot be set to " + resetting, answer);
        }
    }

    private void reset(Answer answer) {
        staleToken = stream.token();
        stream.reset(resetting, answer);
        resetting = -1;
        pendingFirst = -1;
        points.clear();
    }

    private void dryRun() {
        long first = stream.acked();
        int port = port();
        Answer answer = http.post(
                port,
                stream.path() + "?dryRun=true&offset=" + first,
                NDJSON + stream.tokenHeader(),
                stream.ndjson(first, first + 20, -1));
        note("dry run", first, first + 20, port, answer);
        stream.tried(answer);
    }
}
