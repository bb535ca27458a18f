package dev.sluice.bench.question;

import dev.sluice.bench.service.Cpu;
import java.util.Arrays;
import java.util.List;

/**
 * Single records at full load, of several services that take turns: how many a second, and how many for each second of
 * processor time that the service has used. The second says more where the machine is shared.
 */
final class SingleLoad {

    static final int PARTITIONS = 64;

    private final String[] load;

    SingleLoad(Lab lab) {
        this.load = new String[] {
            "--partitions",
            "" + PARTITIONS,
            "--connections",
            "256",
            "--batch",
            "1",
            "--warmup",
            "2",
            "--seconds",
            "" + lab.size(15, 1)
        };
    }

    void warmUp(Site site, String... more) throws Exception {
        site.load(with(more));
        site.warmUpOnlyWith(with(more));
    }

    /** Returns the sides of a service: by time, and by processor time of the same run. */
    List<Rounds.Side> sides(String name, Site site, String... more) {
        double[] byCpu = new double[1];
        return List.of(
                new Rounds.Side(name, "records/s", () -> {
                    site.resetSluice();
                    double before = Cpu.seconds(site.service().pid());
                    LoadResult result = site.load(with(more));
                    byCpu[0] =
                            result.acknowledged() / (Cpu.seconds(site.service().pid()) - before);
                    return result.requestsPerSecond();
                }),
                new Rounds.Side(name + ", by CPU", "records/CPU s", () -> byCpu[0]));
    }

    private String[] with(String... more) {
        String[] all = Arrays.copyOf(load, load.length + more.length);
        System.arraycopy(more, 0, all, load.length, more.length);
        return all;
    }
}
