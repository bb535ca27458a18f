package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.List;

/** What it costs to keep a ledger with the hash of each record. */
final class ReceiptsCostQuestion implements Question {

    @Override
    public String name() {
        return "receipts-cost";
    }

    @Override
    public String title() {
        return "Receipts and hashes on, against off (sluice.receipts.retention=0)";
    }

    @Override
    public String goal() {
        return "at most 5 % slower (≥ 0.95 ×)";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        String[] large = {"--batch", "10000", "--requests", "" + lab.size(200, 8)};
        String[] single = {
            "--partitions",
            "64",
            "--connections",
            "256",
            "--batch",
            "1",
            "--warmup",
            "2",
            "--seconds",
            "" + lab.size(15, 1)
        };
        try (Site on = Site.open(lab, "receipts-on", 64);
                Site off = Site.open(lab, "receipts-off", 64, "--sluice.receipts.retention=0")) {
            for (Site site : List.of(on, off)) {
                site.load("--batch", "10000", "--seconds", "" + lab.size(15, 1), "--warmup", "0");
                site.warmUp(single);
            }
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("10,000-record, on", "rows/s", () -> measure(on, large)),
                            new Rounds.Side("10,000-record, off", "rows/s", () -> measure(off, large)),
                            new Rounds.Side("1-record, on", "rows/s", () -> measure(on, single)),
                            new Rounds.Side("1-record, off", "rows/s", () -> measure(off, single))));
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(0.95)),
                            Verdict.ratio(series.get(2), series.get(3), Goal.atLeast(0.95))),
                    List.of("Two services on two databases of the same server, taking turns."));
        }
    }

    private static double measure(Site site, String... load) throws Exception {
        site.resetSluice();
        return site.load(load).rowsPerSecond();
    }
}
