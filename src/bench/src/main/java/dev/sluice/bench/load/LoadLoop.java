package dev.sluice.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One thread that drives all connections: it shares the machine with what it measures. */
final class LoadLoop implements AutoCloseable {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long STALLED = 120 * SECOND;

    private record Later(Connection connection, long at) {}

    private final LoadOptions options;
    private final Bodies bodies;
    private final List<PartitionCursor> partitions;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final List<Agenda> agendas = new ArrayList<>();
    private final ArrayDeque<Integer> idle = new ArrayDeque<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparingLong(Later::at));
    private final Totals totals = new Totals();
    private final AnswerCheck check;
    private final Pace pace;
    private Phase phase;
    private int underWay;
    private long lastAnswerAt = System.nanoTime();

    LoadLoop(LoadOptions options, Bodies bodies, List<PartitionCursor> partitions) throws IOException {
        this.options = options;
        this.bodies = bodies;
        this.partitions = partitions;
        check = new AnswerCheck(options);
        pace = new Pace(options.rate());
        InetSocketAddress address =
                new InetSocketAddress(options.url().getHost(), options.url().getPort());
        Requests requests = new Requests(options);
        for (int c = 0; c < options.connections(); c++) {
            connections.add(new Connection(c, selector, address, requests));
            agendas.add(new Agenda(c, options.connections(), partitions));
            idle.add(c);
        }
    }

    /** Runs until the requests or the time are used up and everything is answered; returns the totals as JSON. */
    String run() throws IOException {
        phase = new Phase(options, partitions, System.nanoTime());
        pace.begin(System.nanoTime());
        boolean more = true;
        while (more || underWay > 0) {
            long now = System.nanoTime();
            if (phase.advance(now, totals.measured(), pace.nextAt(now))) {
                pace.begin(now);
            }
            // Answers may free all connections at once: that there is none to send with is not the end.
            more = phase.sends() && (startIdle(now) || underWay > 0);
            repeatDue(now);
            if (underWay > 0 || more) {
                await(now);
            }
            if (underWay > 0 && now - lastAnswerAt > STALLED) {
                throw new LoadFailure("no answer for two minutes");
            }
        }
        if (totals.measured() == 0) {
            throw new LoadFailure("no request was measured: nothing to send, or too little time");
        }
        return totals.json(phase.seconds(System.nanoTime()));
    }

    private boolean startIdle(long now) throws IOException {
        boolean more = false;
        for (int n = idle.size(); n > 0; n--) {
            int c = idle.remove();
            if (!agendas.get(c).hasNext()) {
                idle.add(c);
                continue;
            }
            more = true;
            if (!pace.due(now)) {
                idle.addFirst(c);
                break;
            }
            PartitionCursor partition = agendas.get(c).next();
            long offset = partition.take();
            underWay++;
            connections.get(c).start(partition, offset, bodies.body(partition.index(), offset), pace.take(now));
        }
        return more || phase.warming();
    }

    private void repeatDue(long now) throws IOException {
        while (!later.isEmpty() && later.peek().at() <= now) {
            later.remove().connection().send();
        }
    }

    private void await(long now) throws IOException {
        long due = phase.sends() && !idle.isEmpty() ? pace.nextAt(now) : now + SECOND / 10;
        if (phase.sends() && now < phase.endsAt()) {
            due = Math.min(due, phase.endsAt());
        }
        long again = later.isEmpty() ? Long.MAX_VALUE : later.peek().at();
        long wait = Math.min(due, again) - now;
        if (wait >= SECOND / 1_000) {
            selector.select(this::ready, Math.min(100, TimeUnit.NANOSECONDS.toMillis(wait)));
        } else if (again < due) {
            // Late by less than a millisecond after seconds. Not to wait would take CPU from what is measured.
            selector.select(this::ready, 1);
        } else if (selector.selectNow(this::ready) == 0 && wait > 0) {
            // Selectors know milliseconds only, which would add up to one to every latency.
            LockSupport.parkNanos(Math.min(wait, 50_000));
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isReadable() && connection.read()) {
                answered(connection);
            } else if (key.isValid() && key.isWritable()) {
                connection.write();
            }
        } catch (IOException e) {
            throw new LoadFailure("a connection broke: " + e);
        }
    }

    private void answered(Connection connection) throws IOException {
        long now = System.nanoTime();
        lastAnswerAt = now;
        boolean closes = connection.response().closes();
        AnswerCheck.Result result = check.check(connection);
        if (closes) {
            connection.close();
            totals.reconnected();
        }
        if (result.again()) {
            totals.failed(result.status());
            later.add(new Later(connection, now + result.pauseNanos()));
            return;
        }
        totals.answered(
                phase.measures(connection.startedAt(), now),
                options.batch(),
                result.duplicate(),
                now - connection.startedAt(),
                now - connection.sentAt());
        underWay--;
        idle.add(connection.index());
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
