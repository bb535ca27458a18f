package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What it costs that each request says by a key who sends it. */
final class KeysQuestion implements Question {

    private static final int PRESENT = 100;

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public String title() {
        return "Single records with a key in each request, against a service that wants none";
    }

    @Override
    public String goal() {
        return "≥ 0.98 × by CPU";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        SingleLoad load = new SingleLoad(lab);
        Path file = lab.directory(name()).resolve("administrator.key");
        Files.deleteIfExists(file);
        try (Site open = Site.open(lab, "open", SingleLoad.PARTITIONS);
                Site guarded =
                        Site.open(lab, "guarded", SingleLoad.PARTITIONS, "--sluice.keys.administrator-file=" + file)) {
            Api administrator =
                    new Api(guarded.service().url(), Files.readString(file).strip());
            String writer = "";
            for (int i = 0; i < PRESENT; i++) {
                writer = administrator
                        .post("/keys", "{\"note\":\"bench\",\"grants\":[{\"sinks\":\"events\",\"verbs\":[\"write\"]}]}")
                        .replaceAll("(?s).*\"key\":\"([^\"]+)\".*", "$1");
            }
            String[] key = {"--key", writer};
            load.warmUp(open);
            load.warmUp(guarded, key);
            List<Rounds.Side> sides = new ArrayList<>();
            sides.addAll(load.sides("With keys", guarded, key));
            sides.addAll(load.sides("Open", open));
            List<Series> series = Rounds.run(lab, sides);
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(1), series.get(3), Goal.atLeast(0.98)),
                            Verdict.ratio(series.get(0), series.get(2), Goal.none())),
                    List.of("%d keys; the one that writes has a grant for one sink.".formatted(PRESENT)));
        }
    }
}
