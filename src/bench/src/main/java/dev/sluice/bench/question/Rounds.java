package dev.sluice.bench.question;

import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Series;
import java.util.ArrayList;
import java.util.List;

/** Takes turns: A B A B …, so that whatever drifts on the machine meets all sides. */
final class Rounds {

    /** Prepares and measures one side once. */
    interface Measurement {
        double measure() throws Exception;
    }

    /** Somebody who is measured. */
    record Side(String name, String unit, Measurement measurement) {}

    private Rounds() {}

    /** Returns a series for each side, in their order. */
    static List<Series> run(Lab lab, List<Side> sides) throws Exception {
        List<List<Double>> values = new ArrayList<>();
        sides.forEach(side -> values.add(new ArrayList<>()));
        for (int round = 1; round <= lab.rounds(); round++) {
            for (int i = 0; i < sides.size(); i++) {
                Side side = sides.get(i);
                double value = side.measurement().measure();
                values.get(i).add(value);
                lab.say("  round %d  %-40s %s %s".formatted(round, side.name(), Numbers.text(value), side.unit()));
            }
        }
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            series.add(new Series(sides.get(i).name(), sides.get(i).unit(), List.copyOf(values.get(i))));
        }
        return series;
    }
}
