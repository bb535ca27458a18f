package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Whether an operator waits: lists and totals of a sink with 100,000 partitions. */
final class ListsQuestion implements Question {

    private static final int LOOKS = 21;

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public String title() {
        return "A sink with 100,000 used partitions: first page, totals, filters, balance";
    }

    @Override
    public String goal() {
        return "≤ 50 ms each (median, warm)";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int partitions = lab.size(100_000, 1_000);
        try (Site site = Site.open(lab, name(), 1)) {
            Api api = new Api(site.service().url());
            api.put(
                    "/sinks/many",
                    "{\"type\":\"table\",\"partitions\":[\""
                            + SinkSettings.names(partitions).replace(",", "\",\"") + "\"]}");
            site.database().execute("""
                    insert into sluice.snapshot (sink, partition_id, next_offset, version, fencing_token, updated_at)
                    select 'many', p::text, 100, 1, 0, now() - p * interval '1 second'
                      from generate_series(0, %d - 1) p""".formatted(partitions), "vacuum analyze sluice.snapshot");
            Map<String, String> looks = Map.of(
                    "First page",
                    "/sinks/many/partitions",
                    "Totals",
                    "/sinks/many",
                    "Idle for a day",
                    "/sinks/many/partitions?idle-longer-than=1d&limit=100",
                    "Opened",
                    "/sinks/many/partitions?opened=true",
                    "With dead letters",
                    "/sinks/many/partitions?dead-letters=true",
                    "Failing",
                    "/sinks/many/partitions?failing=true",
                    "Balance",
                    "/sinks/many/balance");
            List<Rounds.Side> sides = new ArrayList<>();
            looks.forEach((name, path) -> sides.add(new Rounds.Side(name, "ms", () -> median(api, path))));
            for (String path : looks.values()) {
                median(api, path);
            }
            List<Series> series = Rounds.run(lab, sides);
            return new Answer(
                    series,
                    series.stream()
                            .map(each -> new Verdict(each.name(), each.median(), "ms", Goal.atMost(50)))
                            .toList(),
                    List.of("%,d partitions; each value is the median of %d requests.".formatted(partitions, LOOKS)));
        }
    }

    private static double median(Api api, String path) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < LOOKS; i++) {
            long begun = System.nanoTime();
            api.get(path);
            millis.add((System.nanoTime() - begun) / 1e6);
        }
        Collections.sort(millis);
        return millis.get(LOOKS / 2);
    }
}
