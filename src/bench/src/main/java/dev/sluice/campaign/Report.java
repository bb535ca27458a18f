package dev.sluice.campaign;

import dev.sluice.campaign.cluster.Proxy;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Stream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a campaign did and found.
 *
 * @param faults how often each was inflicted
 * @param diskErrors how many errors of disks the services and the database told of
 * @param records how many stored records were compared
 */
record Report(
        Options options,
        double seconds,
        Map<String, Integer> faults,
        List<Proxy> proxies,
        int diskErrors,
        List<Stream> streams,
        long records,
        History history) {

    /** The figures, for {@link Figures}: a line each, {@code name value}. */
    String figures() {
        StringBuilder lines = new StringBuilder();
        line(lines, "seed", options.seed());
        line(lines, "seconds", Math.round(seconds));
        line(lines, "services", options.services());
        line(lines, "acknowledged", acknowledged());
        line(lines, "compared", records);
        line(lines, "violations", history.violations().size());
        line(lines, "disk-errors", diskErrors);
        line(lines, "rewound", streams.stream().mapToLong(Stream::rewound).sum());
        line(lines, "reset", streams.stream().mapToLong(Stream::reset).sum());
        line(lines, "losses", streams.stream().mapToLong(Stream::losses).sum());
        line(lines, "lost", streams.stream().mapToLong(Stream::lost).sum());
        faults.forEach((name, count) -> line(lines, "fault " + name, count));
        commits().forEach((name, count) -> line(lines, "commits " + name, count));
        return lines.toString();
    }

    String text() {
        StringBuilder text = new StringBuilder("# Campaign\n\n");
        text.append(
                "Seed %d, %.0f s, %d services. %,d records were acknowledged, %,d stored records compared, %,d errors of disks told. **%d violations.**%n%n"
                        .formatted(
                                options.seed(),
                                seconds,
                                options.services(),
                                acknowledged(),
                                records,
                                diskErrors,
                                history.violations().size()));
        text.append("| Fault | Times |\n|---|---|\n");
        faults.forEach((name, count) -> text.append("| " + name + " | " + count + " |\n"));
        commits().forEach((name, count) -> text.append("| COMMITs: " + name + " | " + count + " |\n"));
        text.append(
                "\n| Partition | Acknowledged | Conflicts told | Taken back | Set forward | Losses told | Records lost |\n|---|---|---|---|---|---|---|\n");
        streams.forEach(stream -> text.append("| " + stream.sink() + "/" + stream.partition() + " | "
                + (stream.acked() - stream.base()) + " | " + stream.conflicts() + " | " + stream.rewound() + " | "
                + stream.reset() + " | "
                + stream.losses() + " | "
                + stream.lost() + " |\n"));
        history.violations().stream().limit(50).forEach(violation -> text.append("\n* " + violation));
        return text.append('\n').toString();
    }

    private long acknowledged() {
        return streams.stream().mapToLong(Stream::acknowledged).sum();
    }

    private Map<String, Integer> commits() {
        Map<String, Integer> commits = new TreeMap<>();
        for (Proxy proxy : proxies) {
            proxy.done()
                    .forEach((what, count) ->
                            commits.merge(what.name().toLowerCase(Locale.ROOT).replace('_', '-'), count, Integer::sum));
        }
        return commits;
    }

    private static void line(StringBuilder lines, String name, long value) {
        lines.append(name).append(' ').append(value).append('\n');
    }
}
