package dev.sluice.campaign;

import dev.sluice.campaign.cluster.Proxy;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Stream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a campaign did and found, as Markdown. */
record Report(
        Options options,
        double seconds,
        Map<String, Integer> faults,
        List<Proxy> proxies,
        List<Stream> streams,
        long records,
        History history) {

    String text() {
        Map<Proxy.AtCommit, Integer> commits = new TreeMap<>();
        proxies.forEach(proxy -> proxy.done().forEach((what, count) -> commits.merge(what, count, Integer::sum)));
        StringBuilder text = new StringBuilder("# Campaign\n\n");
        text.append(
                "Seed %d, %.0f s, %d services. %,d records were acknowledged, %,d stored records compared. **%d violations.**%n%n"
                        .formatted(
                                options.seed(),
                                seconds,
                                options.services(),
                                streams.stream().mapToLong(Stream::acknowledged).sum(),
                                records,
                                history.violations().size()));
        text.append("| Fault | Times |\n|---|---|\n");
        faults.forEach((name, count) -> text.append("| " + name + " | " + count + " |\n"));
        text.append("| (at COMMITs) | " + commits + " |\n\n");
        text.append("| Partition | Acknowledged | Conflicts told |\n|---|---|---|\n");
        streams.forEach(stream -> text.append("| " + stream.sink() + "/" + stream.partition() + " | "
                + (stream.acked() - stream.base()) + " | " + stream.conflicts() + " |\n"));
        history.violations().stream().limit(50).forEach(violation -> text.append("\n* " + violation));
        return text.append('\n').toString();
    }
}
