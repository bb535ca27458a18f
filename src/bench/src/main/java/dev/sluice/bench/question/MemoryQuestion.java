package dev.sluice.bench.question;

import dev.sluice.bench.process.Child;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import dev.sluice.bench.service.Memory;
import dev.sluice.bench.service.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How much memory the service takes at full load, and whether that stays so. */
final class MemoryQuestion implements Question {

    private static final int SINGLES = 64;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "Resident memory with -Xms256m -Xmx256m under 10,000-record batches and single records at once";
    }

    @Override
    public String goal() {
        return "≤ 512 MiB, and flat";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(lab.sizes().memoryMinutes() * 60, 12);
        int settling = lab.size(Math.min(120, seconds / 3), 3);
        String singles =
                IntStream.range(4, 4 + SINGLES).mapToObj(Integer::toString).collect(Collectors.joining(","));
        try (Site site = Site.open(lab, Service.WHOLE_HEAP, name(), 4 + SINGLES);
                Memory memory = new Memory(site.service().pid());
                Child large = start(site, "load-large", "--seconds", "" + seconds);
                Child single = start(
                        site,
                        "load-single",
                        "--partition-names",
                        singles,
                        "--connections",
                        "128",
                        "--batch",
                        "1",
                        "--seconds",
                        "" + seconds)) {
            long removed = 0;
            while (large.isAlive() || single.isAlive()) {
                Thread.sleep(lab.size(60_000, 3_000));
                removed += empty(site);
            }
            LoadResult largeResult = LoadResult.of(large.await(Duration.ofMinutes(2)));
            LoadResult singleResult = LoadResult.of(single.await(Duration.ofMinutes(2)));
            site.requireRows(largeResult.acknowledged() + singleResult.acknowledged() - removed);
            return answer(memory.samples(), settling, largeResult, singleResult);
        }
    }

    private static Answer answer(List<Double> samples, int settling, LoadResult large, LoadResult single) {
        List<Double> settled = samples.subList(settling, samples.size());
        int third = settled.size() / 3;
        Series all = new Series("all", "MiB", samples);
        Series first = new Series("first third", "MiB", settled.subList(0, third));
        Series last = new Series("last third", "MiB", settled.subList(settled.size() - third, settled.size()));
        return new Answer(
                List.of(
                        new Series("largest", "MiB", List.of(all.max())),
                        new Series("median of the first third", "MiB", List.of(first.median())),
                        new Series("median of the last third", "MiB", List.of(last.median()))),
                List.of(
                        new Verdict("largest", all.max(), "MiB", Goal.atMost(512)),
                        new Verdict(
                                "last third : first third",
                                last.median() / first.median(),
                                "times",
                                Goal.atMost(1.05))),
                List.of(
                        "All of the heap is there from the start, so that what grows would be something else.",
                        "VmRSS each second for %,d s; the thirds begin after %d s.".formatted(samples.size(), settling),
                        "Meanwhile %,.0f rows/s in 10,000-record batches by 4 connections and %,.0f single records/s by 128."
                                .formatted(large.rowsPerSecond(), single.rowsPerSecond()),
                        "The table is counted and emptied as it runs, so that it fits on the disk; nothing is missing."),
                List.of(new Answer.Line("VmRSS", "MiB", samples)));
    }

    private static Child start(Site site, String name, String... load) throws IOException {
        return Child.start(site.directory(), name, Map.of(), site.loadCommand(load));
    }

    /** Removes all rows and returns how many there were: under a lock, so that none slips through between the two. */
    private static long empty(Site site) throws SQLException {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table events, sluice.receipt in access exclusive mode");
            long rows;
            try (ResultSet count = statement.executeQuery("select count(*) from events")) {
                count.next();
                rows = count.getLong(1);
            }
            statement.execute("truncate events, sluice.receipt");
            statement.execute("analyze events"); // see Site
            connection.commit();
            return rows;
        }
    }
}
