package dev.sluice.overview;

import dev.sluice.call.Api;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Page;
import dev.sluice.console.Say;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds what needs somebody, in what the lists of sinks tell: what fails first, what merely waits last. */
final class NeedList {

    private static final int UNUSABLE = 6;
    private static final int FAILING = 5;
    private static final int BLOCKED = 4;
    private static final int LETTERS = 3;
    private static final int PAUSED = 2;
    private static final String WAITED_LONG = "10m";
    private static final Duration PAUSED_LONG = Duration.ofHours(1);
    /* One more request each; whoever has more looks at the list of sinks. */
    private static final int MOST_GROUPS = 20;

    private final Api api;
    private final Page page;
    private final Instant now;
    private final List<Need> needs = new ArrayList<>();

    NeedList(Api api, Page page, Instant now) {
        this.api = api;
        this.page = page;
        this.now = now;
    }

    /** Returns all of it; {@code sinks} are those that whoever looks may read. */
    List<Need> of(List<Facts> sinks) {
        Map<String, Facts> blocked = sinks(Url.of("/sinks").with("undelivered-older-than", WAITED_LONG));
        sinks.forEach(sink -> look(sink, blocked.getOrDefault(sink.text("id"), Facts.NONE)));
        sinks(Url.of("/sinks").with("dead-letters", "true")).keySet().stream()
                .limit(MOST_GROUPS)
                .forEach(this::letters);
        needs.sort(Comparator.comparingInt(Need::weight).reversed().thenComparing(Need::since));
        return needs;
    }

    private Map<String, Facts> sinks(Url url) {
        Reply reply = api.get(url.toString());
        page.reads(reply);
        return reply.facts().list("sinks").stream()
                .collect(Collectors.toMap(sink -> sink.text("id"), sink -> sink, (one, other) -> one, TreeMap::new));
    }

    private void look(Facts sink, Facts blocked) {
        String id = sink.text("id");
        String href = Url.of("/console/sinks/{}", id).toString();
        if (sink.has("problem")) {
            needs.add(new Need(
                    "unusable",
                    UNUSABLE,
                    id,
                    sink.text("updatedAt"),
                    sink.text("problem"),
                    "Edit the definition",
                    Url.of("/console/sinks/{}/edit", id).toString()));
        }
        boolean writing = outcome(sink, "writes", "writing fails", href);
        boolean delivering = outcome(sink, "deliveries", "delivery fails", href);
        if (!blocked.isEmpty() && !writing && !delivering) {
            Facts waiting = blocked.at("undelivered");
            long records = waiting.number("records");
            needs.add(new Need(
                    "blocked",
                    BLOCKED,
                    id,
                    waiting.text("since"),
                    Say.count(records)
                            + (records == 1
                                    ? " record has waited to be delivered for more than ten minutes."
                                    : " records wait to be delivered, the first of them for more than ten minutes."),
                    "Look at its partitions",
                    href + "?lagging=true"));
        }
        sink.list("control").stream().filter(this::longPaused).findFirst().ifPresent(pause -> paused(id, pause));
    }

    private boolean outcome(Facts sink, String activity, String what, String href) {
        Facts outcome = sink.at("status").at(activity);
        if (!outcome.has("failingSince")) {
            return false;
        }
        String partition = outcome.list("failingPartitions").stream()
                .findFirst()
                .map(first -> first.text("partition"))
                .orElse("");
        needs.add(new Need(
                what,
                FAILING,
                sink.text("id"),
                outcome.text("failingSince"),
                outcome.text("message"),
                partition.isEmpty() ? "Look at the sink" : "Look at partition " + partition,
                partition.isEmpty()
                        ? href
                        : Url.of("/console/sinks/{}/partitions/{}", sink.text("id"), partition)
                                .toString()));
        return true;
    }

    private boolean longPaused(Facts pause) {
        return !pause.has("until")
                && Duration.between(Instant.parse(pause.text("since")), now).compareTo(PAUSED_LONG) > 0;
    }

    private void paused(String sink, Facts pause) {
        String partition = pause.text("partition");
        needs.add(new Need(
                "paused",
                PAUSED,
                sink,
                pause.text("since"),
                (partition.isEmpty() ? "Its " : "The ") + pause.text("what")
                        + (partition.isEmpty() ? "" : " of partition " + partition) + " is " + pause.text("state")
                        + ", with no end: " + pause.text("reason"),
                "Resume",
                Url.of("/console/acts/resume")
                        .with("sink", sink)
                        .with("partition", partition)
                        .toString()));
    }

    private void letters(String sink) {
        Reply reply = api.get(Url.of("/sinks/{}/dead-letters/groups", sink).toString());
        page.reads(reply);
        if (!reply.isOk()) {
            return;
        }
        List<Facts> groups = reply.facts().list("groups");
        long count = reply.facts().number("count");
        if (groups.isEmpty()) {
            return;
        }
        Facts largest = groups.get(0);
        String since = groups.stream()
                .map(group -> group.text("first"))
                .min(Comparator.naturalOrder())
                .orElse("");
        needs.add(new Need(
                "dead letters",
                LETTERS,
                sink,
                since,
                Say.count(count) + (count == 1 ? " record was refused" : " records were refused") + ", most with code "
                        + largest.text("code")
                        + (largest.has("message") ? ": " + largest.text("message") : "."),
                "Look at them",
                Url.of("/console/sinks/{}/dead-letters", sink).toString()));
    }
}
